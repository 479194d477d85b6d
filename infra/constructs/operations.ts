/** Vigil's own health: where the operations hear of it, what could not be delivered, and the alarms. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import type { Encryption } from './encryption.ts';
import { allow } from './permissions.ts';
import { generatedSecret } from './secret.ts';

/** What is left out is that of a metric of Vigil's own, of which one within a minute is bad news. */
export type AlarmSettings = {
  /** Its name is `vigil-<stage>-<name>`. */
  name: string;
  /** Its heading in infra/runbook.md, where that is not the name. */
  runbook?: string;
  /** What it means for patients and staff, in one sentence. */
  impact: string;
  metricName: string;
  /** Whose metric it is: of a function, by its entry, or of another resource; else Vigil's. */
  of?: { entry: string } | { namespace: string; dimensions: Record<string, string> };
  statistic?: 'Sum' | 'Maximum';
  /** It goes off when the statistic of that many minutes in a row reaches the threshold (`below`: stays under it). */
  threshold?: number;
  minutes?: number;
  /** Where a value comes less often than each minute: how many minutes one stands for. */
  minutesAValue?: number;
  below?: boolean;
  /** Whether silence is bad news. */
  missingIsBad?: boolean;
  /** The webhook may itself be the cause: it is not called, since the call that fails would keep the alarm on. */
  isOfTheWebhook?: boolean;
};

export class Operations extends Construct {
  /** Whoever keeps Vigil alive hears here what the escalation cannot solve; only functions publish to it, each mail in its turn. */
  readonly topic: Topic;
  /**
   * CloudWatch's alarms, a topic and so a subscription of their own: many at once, which nobody paces, may suspend it, and the
   * other one is still there.
   */
  readonly alarms: Topic;
  /** Where the operations put the address of their webhook, on stages that have one. */
  readonly webhook: CfnSecret | undefined;
  /** Whoever looks after quality: the nightly report. Subscribed from the roster. */
  readonly reports: Topic;
  /** What schedules, rules and mail could not deliver, and events on which functions failed each time. */
  readonly undelivered: Queue;
  private readonly stage: StageSettings;
  private readonly encryption: Encryption;

  constructor(scope: Construct, stage: StageSettings, encryption: Encryption) {
    super(scope, 'Operations');
    this.stage = stage;
    this.encryption = encryption;
    this.webhook = stage.webhook ? this.webhookSecret() : undefined;
    this.topic = new Topic(this, 'Topic', {
      topicName: `vigil-${stage.name}-operations`,
      displayName: 'Vigil operations',
      masterKey: encryption.messages,
    });
    this.alarms = new Topic(this, 'Alarms', {
      topicName: `vigil-${stage.name}-alarms`,
      displayName: 'Vigil alarms',
      masterKey: encryption.messages,
    });
    this.reports = new Topic(this, 'Reports', {
      topicName: `vigil-${stage.name}-reports`,
      displayName: 'Vigil nightly report',
      masterKey: encryption.messages,
    });
    const queueName = `vigil-${stage.name}-undelivered`;
    this.undelivered = new Queue(this, 'Undelivered', {
      queueName,
      // Its messages are the events of schedules, rules and alarms with the errors on them, without a word on patients: the
      // queue service's own key does.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The longest that SQS keeps a message: time enough to look at what a bad weekend left behind.
      retentionPeriod: Duration.days(14),
    });
    if (stage.operationsEmail)
      for (const topic of [this.topic, this.alarms])
        topic.addSubscription(
          new EmailSubscription(stage.operationsEmail, { deadLetterQueue: this.undelivered }),
        );
  }

  /** The name of the function that takes alarms to the webhook; it is made when everything that it needs is there. */
  static readonly notifier = 'notify';

  /** What a function needs that tells the operations, beside the table that keeps the turns of mails. */
  telling(): { environment: Record<string, string>; may: PolicyStatement[] } {
    return {
      environment: {
        OPERATIONS_TOPIC_ARN: this.topic.topicArn,
        OPERATIONS_EMAIL: this.stage.operationsEmail ?? '',
        WEBHOOK_SECRET_ARN: this.webhook?.ref ?? '',
        WEBHOOK_FORMAT: this.stage.webhookFormat,
        STAGE: this.stage.name,
      },
      may: [
        allow(['sns:ListSubscriptionsByTopic', 'sns:Publish', 'sns:Subscribe'], this.topic.topicArn),
        this.encryption.publishing(),
        ...(this.webhook
          ? [
              allow(['secretsmanager:GetSecretValue'], this.webhook.ref),
              this.encryption.readingThrough(['secretsmanager']),
            ]
          : []),
      ],
    };
  }

  /** Filled by hand: what CloudFormation generates here is no address, and is taken for none. */
  private webhookSecret(): CfnSecret {
    return generatedSecret(
      this,
      { stage: this.stage, encryption: this.encryption },
      'Webhook',
      'webhook',
      "Vigil: the HTTPS address of the operations' webhook, with PagerDuty's routing key where it is PagerDuty's",
    );
  }

  /** An alarm that tells the operations; the only way one is made. */
  alarm(settings: AlarmSettings): void {
    const { threshold = 1, minutes = 1, minutesAValue = 1, statistic = 'Sum' } = settings;
    const { namespace, dimensions } = this.sourceOf(settings);
    const alarm = new Alarm(this, settings.name, {
      alarmName: `vigil-${this.stage.name}-${settings.name}`,
      alarmDescription: `${settings.impact} See infra/runbook.md#${settings.runbook ?? settings.name}`,
      metric: new Metric({
        namespace,
        metricName: settings.metricName,
        dimensionsMap: dimensions,
        statistic,
        period: Duration.minutes(minutesAValue),
      }),
      threshold,
      evaluationPeriods: Math.ceil(minutes / minutesAValue),
      comparisonOperator: settings.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: settings.missingIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.alarms));
    if (!this.webhook || settings.isOfTheWebhook) return;
    const alarmActionArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `vigil-${this.stage.name}-${Operations.notifier}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn }) });
    // A pager's incident stays open until it is told otherwise, and one that was acknowledged calls nobody again.
    if (this.stage.webhookFormat === 'pagerdutyEventsV2')
      alarm.addOkAction({ bind: () => ({ alarmActionArn }) });
  }

  private sourceOf({ of }: AlarmSettings): { namespace: string; dimensions: Record<string, string> } {
    const stack = `vigil-${this.stage.name}`;
    if (!of) return { namespace: 'Vigil', dimensions: { service: stack } };
    if (!('entry' in of)) return of;
    return { namespace: 'AWS/Lambda', dimensions: { FunctionName: `${stack}-${of.entry}` } };
  }
}
