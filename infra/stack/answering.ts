/** Answering: the page behind a mail's link, the secret that PINs and forms rest on, and the clinicians' mail topics. */
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { clinicianTopicArnPrefix } from '../constructs/clinician-topics.ts';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { type HttpApi, pageSettings } from '../constructs/http-api.ts';
import { allow, allowItems, answeringTasks, everyAlert, items } from '../constructs/permissions.ts';
import { schedule } from '../constructs/schedule.ts';
import { generatedSecret } from '../constructs/secret.ts';
import type { Alerting } from './alerting.ts';

export class Answering extends Construct {
  /** The root of the PINs' pepper and of the forms' key (decisions/0004). */
  readonly secret: CfnSecret;
  readonly reconcilerName: string;

  constructor(scope: Construct, foundation: Foundation, api: HttpApi, alerting: Alerting) {
    super(scope, 'Answering');
    this.secret = generatedSecret(
      this,
      foundation,
      'Secret',
      'answers',
      'Vigil: what the PIN hashes and the form tokens are derived from',
    );
    this.answerPages(foundation, api, alerting);
    this.reconcilerName = this.reconcileSubscriptions(foundation, alerting);
  }

  private answerPages(foundation: Foundation, api: HttpApi, { table }: Alerting): void {
    const { stage, encryption, buckets } = foundation;
    const answerPage = lambdaFunction(this, foundation, 'answer-page', {
      description: 'The page behind a link in a mail: shows the alert, and takes the answer',
      ...pageSettings(stage),
      environment: {
        TABLE_NAME: table.tableName,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ANSWER_SECRET_ARN: this.secret.ref,
      },
      may: [
        allowItems(['dynamodb:GetItem'], table.tableArn, [
          items.pages,
          ...everyAlert,
          items.vitals,
          items.wrongPins,
        ]),
        allowItems(['dynamodb:PutItem'], table.tableArn, everyAlert),
        // Only to count wrong PINs, to sign out, and to remember who has had a mail.
        allowItems(['dynamodb:UpdateItem'], table.tableArn, [items.pages, items.reached, items.wrongPins]),
        buckets.readingRoster(),
        allow(['secretsmanager:GetSecretValue'], this.secret.ref),
        answeringTasks(),
        encryption.dataThrough(['dynamodb', 's3', 'secretsmanager']),
      ],
    });
    api.serve('Page', '/page/{pageId}', answerPage);
  }

  private reconcileSubscriptions(foundation: Foundation, { table }: Alerting): string {
    const { encryption, buckets, operations } = foundation;
    const telling = operations.telling();
    const reconciler = lambdaFunction(this, foundation, 'reconcile-subscriptions', {
      description:
        "Makes and subscribes each clinician's topic from the roster, and looks whether mail reaches who is on call",
      memoryMiB: 256,
      // SNS takes 100 subscriptions a second; a roster of 500 people has room for retries.
      timeoutSeconds: 120,
      environment: {
        ROSTER_BUCKET: buckets.roster.bucketName,
        CLINICIAN_TOPIC_ARN_PREFIX: clinicianTopicArnPrefix(this),
        CLINICIAN_TOPIC_KEY_ARN: encryption.messages.keyArn,
        REPORTS_TOPIC_ARN: operations.reports.topicArn,
        TABLE_NAME: table.tableName,
        ALARMS_TOPIC_ARN: operations.alarms.topicArn,
        ...telling.environment,
      },
      may: [
        buckets.readingRoster(),
        allow(
          ['sns:CreateTopic', 'sns:ListSubscriptionsByTopic', 'sns:Subscribe'],
          `${clinicianTopicArnPrefix(this)}*`,
        ),
        allow(
          ['sns:ListSubscriptionsByTopic', 'sns:Subscribe'],
          operations.reports.topicArn,
          operations.alarms.topicArn,
        ),
        ...telling.may,
        allowItems(['dynamodb:GetItem'], table.tableArn, [items.preflight, items.reached]),
        allowItems(['dynamodb:PutItem'], table.tableArn, [items.preflight]),
        // Whose turn it is, when an address was last asked to confirm, and when a mail last arrived.
        allowItems(['dynamodb:UpdateItem'], table.tableArn, [items.reached, items.turns]),
        // The Service Authorization Reference gives them no resource.
        allow(['sns:CheckIfPhoneNumberIsOptedOut', 'sns:GetSubscriptionAttributes', 'sns:Unsubscribe'], '*'),
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    schedule(this, foundation, 'ReconcileSubscriptions', {
      name: 'reconcile-subscriptions',
      description: 'Brings mail subscriptions in line with the roster, each hour',
      expression: 'rate(1 hour)',
      target: reconciler,
      // An hour later the next run is due anyway.
      triesForSeconds: 3600,
    });
    return reconciler.functionName;
  }
}
