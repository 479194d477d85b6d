/** Conformance with https://docs.aws.amazon.com/eventbridge/latest/userguide/ (pages named by each test). */
import { expect, test } from 'vitest';
import { AwsError } from '../../../../infra/local/engine/aws-error.ts';
import type { Payload, Service } from '../../../../infra/local/engine/service.ts';
import { events } from '../../../../infra/local/services/events.ts';
import { sqs } from '../../../../infra/local/services/sqs.ts';
import { fakeAccount } from '../fake-account.ts';

const queueArn = 'arn:aws:sqs:eu-west-2:111122223333:undelivered';
const ruleArn = 'arn:aws:events:eu-west-2:111122223333:rule/ended-badly';

type Options = {
  permitted?: boolean;
  disabled?: boolean;
  /** The error of each attempt, while there are any. */
  errors?: string[];
  /** For which rule the queue's policy lets EventBridge send. */
  queueFor?: string;
};

async function emitted(event: Payload, options: Options = {}) {
  const account = fakeAccount();
  const inputs: Payload[] = [];
  const errors = [...(options.errors ?? [])];
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        isPermitted: () => options.permitted ?? true,
        operations: {
          Invoke: {
            options: ['FunctionName', 'InvocationType', 'Payload'],
            permissions: () => [],
            run(input: Payload) {
              const error = errors.shift();
              if (error) throw new AwsError(error, 'no');
              inputs.push(input);
            },
          },
        },
      }) as unknown as Service,
  );
  const queue = account.add(sqs);
  const url = account.create('AWS::SQS::Queue', 'Queue', {
    QueueName: 'undelivered',
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  }).ref;
  const statement = { Action: 'sqs:SendMessage', Resource: queueArn };
  account.create('AWS::SQS::QueuePolicy', 'QueuePolicy', {
    Queues: [url],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Resource: queueArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          ...statement,
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': options.queueFor ?? ruleArn } },
        },
      ],
    },
  });
  const service = account.add(events);
  account.create('AWS::Events::Rule', 'Rule', {
    Name: 'ended-badly',
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'ABORTED'] },
    },
    Targets: [
      {
        Id: 'T',
        Arn: 'arn:fn',
        DeadLetterConfig: { Arn: queueArn },
        RetryPolicy: { MaximumEventAgeInSeconds: 300 },
      },
    ],
  });
  if (options.disabled) service.disable('ended-badly');
  service.emit(event);
  await account.clock.run(account.clock.now() + 600_000);
  return { delivered: inputs, undelivered: queue.messages(queueArn), attemptsLeft: errors.length };
}

const failed = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status: 'FAILED', name: 'x' },
};

test('eb-event-patterns: an event that fits is delivered whole, asynchronously', async () => {
  const { delivered, undelivered } = await emitted(failed);
  expect(delivered).toEqual([
    { FunctionName: 'arn:fn', InvocationType: 'Event', Payload: JSON.stringify(failed) },
  ]);
  expect(undelivered).toEqual([]);
});

test('eb-event-patterns: another source, type or value does not fit', async () => {
  for (const other of [
    { ...failed, source: 'aws.s3' },
    { ...failed, 'detail-type': 'x' },
    { ...failed, detail: { status: 'SUCCEEDED' } },
  ])
    expect((await emitted(other)).delivered).toEqual([]);
});

test('a disabled rule does not fire', async () => {
  expect(await emitted(failed, { disabled: true })).toMatchObject({ delivered: [], undelivered: [] });
});

test('eb-rule-retry-policy: throttles and server errors are tried again', async () => {
  const errors = ['TooManyRequestsException', 'ServiceException', 'TimeoutError'];
  const { delivered, undelivered } = await emitted(failed, { errors });
  expect([delivered.length, undelivered.length]).toEqual([1, 0]);
});

test('eb-rule-dlq: what is too old to try again goes to the dead-letter queue', async () => {
  const errors = Array.from({ length: 200 }, () => 'ServiceException');
  const { delivered, undelivered } = await emitted(failed, { errors });
  expect(delivered).toEqual([]);
  expect(undelivered).toMatchObject([
    {
      body: JSON.stringify(failed),
      attributes: { RULE_ARN: ruleArn, TARGET_ARN: 'arn:fn', ERROR_CODE: 'ServiceException' },
    },
  ]);
});

test.each([
  ['a missing permission', { permitted: false }],
  ['a function that is not there', { errors: ['ResourceNotFoundException', 'ResourceNotFoundException'] }],
])('eb-rule-dlq: %s is not tried again', async (_what, options: Options) => {
  const { delivered, undelivered, attemptsLeft } = await emitted(failed, options);
  expect([delivered.length, undelivered.length]).toEqual([0, 1]);
  if (options.errors) expect(attemptsLeft).toBe(1);
});

test("eb-rule-dlq: a queue whose policy is for another rule does not get this rule's events", async () => {
  const { undelivered } = await emitted(failed, { permitted: false, queueFor: `${ruleArn}-not` });
  expect(undelivered).toEqual([]);
});
