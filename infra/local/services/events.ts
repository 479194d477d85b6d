/**
 * Amazon EventBridge: rules on the default bus.
 *
 * - A pattern matches when every field that it names holds one of the listed values.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * - A Lambda target is invoked asynchronously, and needs a resource policy for events.amazonaws.com and the rule.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * - Delivery of service events is best effort: a test can disable a rule.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 * - What fails with 5xx or 429 is tried again, up to 185 times and a day or as the target's policy says.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 * - What is given up, and at once what is not permitted or not there, goes to the target's dead-letter queue, whose policy
 *   must let events.amazonaws.com send for the rule. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { deliver, deliveryDefaults } from '../engine/delivery.ts';
import { type Account, type Payload, resource, type Service } from '../engine/service.ts';
import type { LambdaService } from './lambda/service.ts';
import { bury, type SqsService } from './sqs.ts';

const ruleProperties = z.strictObject({
  Name: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']),
  EventPattern: z.strictObject({
    source: z.array(z.string()),
    'detail-type': z.array(z.string()),
    detail: z.record(z.string(), z.array(z.string())).optional(),
  }),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string(),
      DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
      RetryPolicy: z.strictObject({ MaximumEventAgeInSeconds: z.number().min(60).max(86_400) }).optional(),
    }),
  ),
});
type Rule = z.infer<typeof ruleProperties> & { arn: string };
type Target = Rule['Targets'][number];

/** Errors of Lambda's that come with 5xx or 429; other 4xx are not tried again. */
const passing = /^(Service|Internal|TooManyRequests|Timeout)/;

export type EventsService = Service & {
  /** An AWS service puts an event on the default bus. */
  emit(event: Payload): void;
  /** What a broken delivery looks like: the rule no longer fires. */
  disable(ruleName: string): void;
};

export function events(account: Account): EventsService {
  const rules: Rule[] = [];

  /** Allowed by the policies of what is called, not by a role. */
  const callerOf = (rule: Rule) => ({ name: `rule ${rule.Name}`, roleArn: 'operator' as const });

  const fits = ({ EventPattern: pattern }: Rule, event: Payload) =>
    pattern.source.includes(event.source) &&
    pattern['detail-type'].includes(event['detail-type']) &&
    Object.entries(pattern.detail ?? {}).every(([field, values]) => values.includes(event.detail?.[field]));

  async function invoke(rule: Rule, target: Target, event: string): Promise<void> {
    const lambda = account.service<LambdaService>('lambda');
    if (!lambda.isPermitted(target.Arn, 'events.amazonaws.com', rule.arn))
      throw new AwsError('NO_PERMISSIONS', `${rule.Name} may not invoke ${target.Arn}`);
    const input = { FunctionName: target.Arn, Payload: event, InvocationType: 'Event' };
    await account.call(callerOf(rule), 'lambda', 'Invoke', input);
  }

  async function giveUp(rule: Rule, target: Target, event: string, reason: string): Promise<void> {
    account.record({ source: 'events', what: 'gave up', rule: rule.Name, error: reason });
    const queueArn = target.DeadLetterConfig?.Arn;
    if (!queueArn) return;
    if (!account.service<SqsService>('sqs').isPermitted(queueArn, 'events.amazonaws.com', rule.arn)) {
      account.record({ source: 'events', what: 'dead-letter queue not permitted', rule: rule.Name });
      return;
    }
    const why = { RULE_ARN: rule.arn, TARGET_ARN: target.Arn, ERROR_CODE: reason };
    await bury(account, callerOf(rule), queueArn, { body: event, why });
  }

  async function send(rule: Rule, target: Target, event: string): Promise<void> {
    const failure = await deliver(
      account.clock,
      () => invoke(rule, target, event),
      {
        attempts: deliveryDefaults.attempts,
        seconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? deliveryDefaults.seconds,
      },
      ({ name }) => passing.test(name),
    );
    if (failure) await giveUp(rule, target, event, failure.name);
  }

  return {
    id: 'events',
    operations: {},
    emit(event) {
      // AWS's services send their events on a best effort basis, some never; EventBridge delivers at least once.
      for (const rule of rules)
        if (rule.State === 'ENABLED' && fits(rule, event) && !account.faults.strikes('event lost', rule.Name))
          for (const target of rule.Targets)
            account.faults.deliver(
              rule.Name,
              account.clock,
              () => void send(rule, target, JSON.stringify(event)),
            );
    },
    disable(ruleName) {
      for (const rule of rules) if (rule.Name === ruleName) rule.State = 'DISABLED';
    },
    resources: {
      'AWS::Events::Rule': resource(ruleProperties, ({ properties }) => {
        const arn = `arn:aws:events:${account.region}:${account.accountId}:rule/${properties.Name}`;
        rules.push({ ...properties, arn });
        return { ref: properties.Name, attributes: { Arn: arn } };
      }),
    },
  };
}
