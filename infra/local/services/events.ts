/**
 * Amazon EventBridge: rules on the default bus.
 *
 * - A pattern matches when every field that it names holds one of the listed values.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 * - A Lambda target is invoked asynchronously, and needs a resource policy for events.amazonaws.com and the rule.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 * - Delivery of service events is best effort: a test can disable a rule.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
 */
import { z } from 'zod';
import type { Account, Payload, Service } from '../service.ts';
import type { LambdaService } from './lambda.ts';

const ruleProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
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
      RetryPolicy: z.strictObject({ MaximumEventAgeInSeconds: z.number() }).optional(),
    }),
  ),
});
type Rule = z.infer<typeof ruleProperties> & { arn: string };

export type EventsService = Service & {
  /** An AWS service puts an event on the default bus. */
  emit(event: Payload): void;
  /** What a broken delivery looks like: the rule no longer fires. */
  disable(ruleName: string): void;
};

export function events(account: Account): EventsService {
  const rules: Rule[] = [];

  const fits = ({ EventPattern: pattern }: Rule, event: Payload) =>
    pattern.source.includes(event.source) &&
    pattern['detail-type'].includes(event['detail-type']) &&
    Object.entries(pattern.detail ?? {}).every(([field, values]) => values.includes(event.detail?.[field]));

  function deliver(rule: Rule, event: Payload): void {
    for (const target of rule.Targets) {
      if (
        !account.service<LambdaService>('lambda').isPermitted(target.Arn, 'events.amazonaws.com', rule.arn)
      ) {
        account.record({ source: 'events', what: 'target not permitted', rule: rule.Name });
        continue;
      }
      const input = { FunctionName: target.Arn, Payload: JSON.stringify(event), InvocationType: 'Event' };
      const failed = (error: Error) =>
        account.record({ source: 'events', what: 'target failed', rule: rule.Name, error: error.name });
      account
        .call({ name: `rule ${rule.Name}`, roleArn: 'operator' }, 'lambda', 'Invoke', input)
        .catch(failed);
    }
  }

  return {
    id: 'events',
    operations: {},
    emit(event) {
      for (const rule of rules) if (rule.State === 'ENABLED' && fits(rule, event)) deliver(rule, event);
    },
    disable(ruleName) {
      for (const rule of rules) if (rule.Name === ruleName) rule.State = 'DISABLED';
    },
    resources: {
      'AWS::Events::Rule': {
        properties: ruleProperties,
        create({ properties }: { properties: z.infer<typeof ruleProperties> }) {
          const arn = `arn:aws:events:${account.region}:${account.accountId}:rule/${properties.Name}`;
          rules.push({ ...properties, arn });
          return { ref: properties.Name, attributes: { Arn: arn } };
        },
      },
    },
  };
}
