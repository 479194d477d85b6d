/** Alerting: the table of claims and alerts, the escalation with its functions, and the sweeper behind it. */
import { Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as InvokeFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { clinicianTopicArnPrefix } from '../constructs/clinician-topics.ts';
import type { Foundation } from '../constructs/foundation.ts';
import { type FunctionSettings, lambdaFunction } from '../constructs/function.ts';
import type { HttpApi } from '../constructs/http-api.ts';
import { allow, allowItems, answeringTasks, everyAlert, items } from '../constructs/permissions.ts';
import { dataRemovalPolicy } from '../constructs/removal.ts';
import { schedule } from '../constructs/schedule.ts';
import { workflow } from '../constructs/workflow.ts';

/** What is due, oldest first: claims and alerts carry these attributes only while something is outstanding. */
const dueIndex = 'due';

/** Functions of the escalation answer within a second; 30 is room for the SDK's retries, and no more than the shortest attempt may be. */
const step = { memoryMiB: 512, timeoutSeconds: 30 };

export class Alerting extends Construct {
  readonly table: Table;
  readonly escalation: StateMachine;
  readonly dueIndex = dueIndex;
  readonly dueIndexArn: string;
  private readonly foundation: Foundation;

  constructor(scope: Construct, foundation: Foundation, api: HttpApi) {
    super(scope, 'Alerting');
    this.foundation = foundation;
    this.table = this.makeTable();
    this.dueIndexArn = `${this.table.tableArn}/index/${dueIndex}`;
    this.escalation = this.escalate(api);
    this.sweep();
  }

  private makeTable(): Table {
    const { stage, encryption } = this.foundation;
    const table = new Table(this, 'Table', {
      tableName: `vigil-${stage.name}`,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: encryption.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: dataRemovalPolicy(stage),
    });
    table.addGlobalSecondaryIndex({
      indexName: dueIndex,
      partitionKey: { name: 'dueOn', type: AttributeType.STRING },
      sortKey: { name: 'dueAt', type: AttributeType.STRING },
    });
    return table;
  }

  private escalate(api: HttpApi): StateMachine {
    const { encryption, buckets, operations } = this.foundation;
    const TABLE_NAME = this.table.tableName;
    const ROSTER_BUCKET = buckets.roster.bucketName;
    const readRoster = buckets.readingRoster();
    const may = (action: 'Get' | 'Put' | 'Update', ...keys: string[]) =>
      allowItems([`dynamodb:${action}Item`], this.table.tableArn, keys);
    const wake = answeringTasks();

    const telling = operations.telling();
    const mailClinicians = allow(
      ['sns:ListSubscriptionsByTopic', 'sns:Publish', 'sns:Subscribe'],
      `${clinicianTopicArnPrefix(this)}*`,
    );

    const functions = {
      'open-alert': this.stepFunction('open-alert', {
        description:
          'Makes a claim an alert, or joins it to the one that is open, and names the state that is next',
        environment: { TABLE_NAME, ROSTER_BUCKET },
        may: [
          may('Get', ...everyAlert, items.claims, items.contacts, items.vitals),
          may('Put', ...everyAlert, items.claims, items.setAside),
          wake,
          readRoster,
          encryption.dataThrough(['dynamodb', 's3']),
        ],
      }),
      'assess-alert': this.stepFunction('assess-alert', {
        description: 'Reads an alert and names the state that is next',
        environment: { TABLE_NAME, ROSTER_BUCKET },
        may: [
          may('Get', ...everyAlert, items.contacts, items.vitals),
          readRoster,
          encryption.dataThrough(['dynamodb', 's3']),
        ],
      }),
      'move-alert': this.stepFunction('move-alert', {
        description: 'Moves an alert on: reminder, next level, next attempt, recheck, new round, close',
        environment: { TABLE_NAME },
        may: [
          may('Get', ...everyAlert, items.contacts, items.vitals),
          may('Put', ...everyAlert),
          wake,
          encryption.dataThrough(['dynamodb']),
        ],
      }),
      'page-clinicians': this.stepFunction('page-clinicians', {
        description: 'Pages the responders of a level, and leaves the task waiting for their answer',
        environment: {
          TABLE_NAME,
          ROSTER_BUCKET,
          CLINICIAN_TOPIC_ARN_PREFIX: clinicianTopicArnPrefix(this),
          ANSWER_URL: api.url,
          ...telling.environment,
        },
        may: [
          may('Get', ...everyAlert, items.contacts, items.vitals),
          may('Put', ...everyAlert, items.pages),
          may('Update', items.turns),
          wake,
          readRoster,
          mailClinicians,
          ...telling.may,
          encryption.dataThrough(['dynamodb', 's3']),
        ],
      }),
      'stand-down': this.stepFunction('stand-down', {
        description: 'Tells whoever was called and has not answered that they need not come',
        environment: {
          TABLE_NAME,
          ROSTER_BUCKET,
          CLINICIAN_TOPIC_ARN_PREFIX: clinicianTopicArnPrefix(this),
          ...telling.environment,
        },
        may: [
          may('Get', ...everyAlert),
          may('Put', ...everyAlert),
          may('Update', items.turns),
          readRoster,
          mailClinicians,
          ...telling.may,
          encryption.dataThrough(['dynamodb', 's3']),
        ],
      }),
    };

    return workflow(this, this.foundation, 'Escalation', 'escalation', { functions });
  }

  private stepFunction(
    entry: string,
    settings: Pick<FunctionSettings, 'description' | 'environment' | 'may'>,
  ): IFunction {
    return lambdaFunction(this, this.foundation, entry, { ...step, ...settings });
  }

  /** Each minute, and at once when an execution of the escalation ends badly. */
  private sweep(): void {
    const { stage, encryption, buckets, operations } = this.foundation;
    const telling = operations.telling();
    const sweeper = lambdaFunction(this, this.foundation, 'sweep-overdue', {
      description:
        'Raises overdue claims and alerts again, tells the operations, and asks whoever begins a shift to check in',
      memoryMiB: 512,
      // It runs again each minute; what one run does not finish, the next one finds.
      timeoutSeconds: 55,
      environment: {
        TABLE_NAME: this.table.tableName,
        DUE_INDEX: dueIndex,
        ESCALATION_ARN: this.escalation.stateMachineArn,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ...telling.environment,
      },
      may: [
        allowItems(['dynamodb:Query'], this.dueIndexArn, ['claim', 'alert']),
        allowItems(['dynamodb:GetItem'], this.table.tableArn, [items.claims, ...everyAlert]),
        allowItems(['dynamodb:PutItem'], this.table.tableArn, [items.claims, ...everyAlert, items.setAside]),
        allowItems(['dynamodb:UpdateItem'], this.table.tableArn, [items.turns]),
        allow(['states:StartExecution'], this.escalation.stateMachineArn),
        buckets.readingRoster(),
        ...telling.may,
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    schedule(this, this.foundation, 'SweepOverdue', {
      name: 'sweep-overdue',
      description: 'Raises overdue claims and alerts again, each minute',
      expression: 'rate(1 minute)',
      target: sweeper,
      // A minute later the next run is due anyway.
      triesForSeconds: 60,
    });
    new Rule(this, 'EscalationEndedBadly', {
      ruleName: `vigil-${stage.name}-escalation-ended-badly`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [this.escalation.stateMachineArn],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [
        new InvokeFunction(sweeper, {
          deadLetterQueue: operations.undelivered,
          // Only the fast path: the sweeper's own minute covers what is lost here.
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
  }
}
