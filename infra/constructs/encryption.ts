/** The two keys (decisions/0003): one for patients' data at rest, one for messages to people. */
import { Aws, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { dataRemovalPolicy } from './removal.ts';

/** A service through which a role may use the data key, by its name in `kms:ViaService`. */
type KeyUser = 'dynamodb' | 'kinesis' | 's3' | 'secretsmanager';

/** What DynamoDB asks of whoever reads or writes an encrypted table; the other services need less. */
const dynamoDbActions = ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

export class Encryption extends Construct {
  /** Readings, claims, alerts, archive, rosters, secrets and logs. */
  readonly data: Key;
  /** Topics: CloudWatch may use it, and nothing is kept under it. */
  readonly messages: Key;

  constructor(scope: Construct, stage: StageSettings) {
    super(scope, 'Encryption');
    const key = (id: string, alias: string, description: string) =>
      new Key(this, id, {
        alias: `vigil-${stage.name}-${alias}`,
        description,
        enableKeyRotation: true,
        removalPolicy: dataRemovalPolicy(stage),
      });
    this.data = key('DataKey', 'data', 'Vigil: readings, alerts, archive, roster, secrets and logs at rest');
    this.messages = key('MessageKey', 'messages', 'Vigil: notifications on their way to people');

    this.data.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyVigilsLogGroups',
        principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': Stack.of(this).formatArn({
              service: 'logs',
              resource: 'log-group:/aws/*',
              resourceName: `vigil-${stage.name}-*`,
            }),
          },
        },
      }),
    );
    this.messages.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsReachTheOperations',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }

  /** Lets a role read what is under the data key, but only by way of these services. */
  readingThrough(services: readonly Exclude<KeyUser, 'dynamodb'>[]): PolicyStatement {
    return this.usingData(['kms:Decrypt'], services);
  }

  /** Lets a role read and write under the data key, but only by way of these services. */
  dataThrough(services: readonly KeyUser[]): PolicyStatement {
    const more = services.includes('dynamodb') ? dynamoDbActions : [];
    return this.usingData(['kms:Decrypt', 'kms:GenerateDataKey', ...more], services);
  }

  private usingData(actions: string[], services: readonly KeyUser[]): PolicyStatement {
    return new PolicyStatement({
      effect: Effect.ALLOW,
      actions,
      resources: [this.data.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`),
        },
      },
    });
  }

  /** Lets a role publish to the encrypted topics. */
  publishing(): PolicyStatement {
    return new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [this.messages.keyArn],
    });
  }
}
