/** Conformance with https://docs.aws.amazon.com/eventbridge/latest/userguide/ (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload, Service } from '../../infra/local/service.ts';
import { events } from '../../infra/local/services/events.ts';
import { fakeAccount } from './fake-account.ts';

async function delivered(event: Payload, options: { permitted?: boolean; disabled?: boolean } = {}) {
  const account = fakeAccount();
  const inputs: Payload[] = [];
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        isPermitted: () => options.permitted ?? true,
        operations: { Invoke: { permissions: () => [], run: (input: Payload) => void inputs.push(input) } },
      }) as unknown as Service,
  );
  const service = account.add(events);
  account.create('AWS::Events::Rule', 'Rule', {
    Name: 'ended-badly',
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['FAILED', 'ABORTED'] },
    },
    Targets: [{ Id: 'T', Arn: 'arn:fn' }],
  });
  if (options.disabled) service.disable('ended-badly');
  service.emit(event);
  await account.clock.run(account.clock.now() + 60_000);
  return inputs;
}

const failed = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status: 'FAILED', name: 'x' },
};

test('eb-event-patterns: an event that fits is delivered whole, asynchronously', async () => {
  const [input] = await delivered(failed);
  expect(input).toMatchObject({ FunctionName: 'arn:fn', InvocationType: 'Event' });
  expect(JSON.parse(input.Payload)).toEqual(failed);
});

test('eb-event-patterns: another source, type or value does not fit', async () => {
  for (const other of [
    { ...failed, source: 'aws.s3' },
    { ...failed, 'detail-type': 'x' },
    { ...failed, detail: { status: 'SUCCEEDED' } },
  ])
    expect(await delivered(other)).toEqual([]);
});

test('eb-use-resource-based: without the permission nothing is invoked; a disabled rule does not fire', async () => {
  expect(await delivered(failed, { permitted: false })).toEqual([]);
  expect(await delivered(failed, { disabled: true })).toEqual([]);
});
