/**
 * Amazon SQS: a standard queue that keeps what could not be delivered. Nothing here takes messages out of it.
 *
 * - A role needs sqs:SendMessage on the queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
 * - A service that has no role, EventBridge among them, needs the queue's own policy.
 *   https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { inert } from '../engine/inert.ts';
import { permitsService, type ResourcePolicy, resourcePolicy } from '../engine/policy.ts';
import { type Account, type Caller, type Payload, resource, type Service } from '../engine/service.ts';

type Message = { at: number; body: string; attributes: Record<string, string> };
type Queue = { policies: ResourcePolicy[]; messages: Message[] };

export type SqsService = Service & {
  /** What was sent to the queue, oldest first. */
  messages(queueArn: string): readonly Message[];
  /** Whether the queue's policy lets the AWS service send to it on behalf of the source. */
  isPermitted(queueArn: string, service: string, sourceArn: string): boolean;
};

const queueProperties = z.strictObject({
  QueueName: z.string(),
  MessageRetentionPeriod: inert('a day at least, longer than anybody waits here', z.number().min(86_400)),
  SqsManagedSseEnabled: z.literal(true),
});

const policyProperties = z.strictObject({ Queues: z.array(z.string()), PolicyDocument: resourcePolicy });

/**
 * Gives a queue what could not be delivered, the body as it was, and why. A queue that refuses it is the end of it; the event
 * log has the refusal.
 */
export async function bury(
  account: Account,
  caller: Caller,
  queueArn: string,
  { body, why = {} }: { body: string; why?: Record<string, string> },
): Promise<void> {
  const [, , , region, accountId, name] = queueArn.split(':');
  const letter = {
    QueueUrl: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    MessageBody: body,
    MessageAttributes: Object.fromEntries(
      Object.entries(why).map(([key, StringValue]) => [key, { DataType: 'String', StringValue }]),
    ),
  };
  await account.call(caller, 'sqs', 'SendMessage', letter).catch(() => undefined);
}

export function sqs(account: Account): SqsService {
  const queues = new Map<string, Queue>();
  let sent = 0;

  const arnOf = (url: string) =>
    `arn:aws:sqs:${account.region}:${account.accountId}:${url.slice(url.lastIndexOf('/') + 1)}`;

  function queueOf(arn: string): Queue {
    const found = queues.get(arn);
    if (!found) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return found;
  }

  return {
    id: 'sqs',
    messages: (queueArn) => queueOf(queueArn).messages,
    isPermitted: (queueArn, service, sourceArn) =>
      queueOf(queueArn).policies.some((policy) =>
        permitsService(policy, { service, action: 'sqs:SendMessage', resource: queueArn, sourceArn }),
      ),
    operations: {
      SendMessage: {
        options: ['QueueUrl', 'MessageBody', 'MessageAttributes'],
        permissions: (input) => [{ action: 'sqs:SendMessage', resource: arnOf(input.QueueUrl) }],
        run(input) {
          const attributes = Object.fromEntries(
            Object.entries<Payload>(input.MessageAttributes ?? {}).map(([key, { StringValue }]) => [
              key,
              StringValue,
            ]),
          );
          queueOf(arnOf(input.QueueUrl)).messages.push({
            at: account.clock.now(),
            body: input.MessageBody,
            attributes,
          });
          return { MessageId: `queued-${++sent}` };
        },
      },
    },
    resources: {
      'AWS::SQS::Queue': resource(queueProperties, ({ properties }) => {
        const name = properties.QueueName;
        const arn = arnOf(name);
        queues.set(arn, { policies: [], messages: [] });
        return {
          ref: `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`,
          attributes: { Arn: arn, QueueName: name },
        };
      }),
      'AWS::SQS::QueuePolicy': resource(policyProperties, ({ logicalId, properties }) => {
        for (const url of properties.Queues) queueOf(arnOf(url)).policies.push(properties.PolicyDocument);
        return { ref: logicalId };
      }),
    },
  };
}
