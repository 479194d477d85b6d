import { DescribeExecutionCommand, ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger } from '../../handlers/runtime/logger.ts';
import { handler } from '../../handlers/start-report.ts';

const arn = 'arn:aws:states:eu-west-2:111122223333:stateMachine:nightly-report';
const night = { from: '2026-06-30T05:00:00.000Z', to: '2026-07-01T05:00:00.000Z' };
/** What was asked of Step Functions, in order. */
const asked: unknown[] = [];
/** The executions that are there, by name, each with its input; all have ended. */
const ended = new Map<string, string>();
let failure: Error | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-07-01T05:15:00.000Z') });
  vi.stubEnv('HOSPITAL_ZONE', 'Europe/London');
  vi.stubEnv('NIGHTLY_REPORT_ARN', arn);
  vi.spyOn(logger, 'info').mockReturnValue();
  asked.length = 0;
  ended.clear();
  failure = undefined;
  vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (failure) throw failure;
    const { input } = command as { input: { name: string; input: string; executionArn: string } };
    asked.push(input);
    if (command instanceof DescribeExecutionCommand)
      return { input: ended.get(input.executionArn.split(':').at(-1) as string) };
    if (ended.has(input.name)) throw new ExecutionAlreadyExists({ message: 'exists', $metadata: {} });
    ended.set(input.name, input.input);
    return {};
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the report is called by its night, and is told it', async () => {
  expect(await handler()).toEqual({ executionName: 'night-to-2026-07-01' });
  expect(asked).toEqual([
    { stateMachineArn: arn, name: 'night-to-2026-07-01', input: JSON.stringify(night) },
  ]);
});

test('a schedule that fires twice begins one report, also when it has ended already', async () => {
  await handler();
  vi.setSystemTime(Date.parse('2026-07-01T06:10:00.000Z'));
  expect(await handler()).toEqual({ executionName: 'night-to-2026-07-01' });
  expect([...ended.keys()]).toEqual(['night-to-2026-07-01']);
  expect(asked.at(-1)).toEqual({
    executionArn: 'arn:aws:states:eu-west-2:111122223333:execution:nightly-report:night-to-2026-07-01',
  });
});

test('the same window written otherwise is the same report', async () => {
  ended.set('night-to-2026-07-01', `{ "to": "${night.to}", "from": "${night.from}" }`);
  expect(await handler()).toEqual({ executionName: 'night-to-2026-07-01' });
});

test('after a change of the zone a day ends twice: its second night is begun too, once', async () => {
  await handler();
  vi.stubEnv('HOSPITAL_ZONE', 'America/New_York');
  vi.setSystemTime(Date.parse('2026-07-01T10:15:00.000Z'));
  for (const _time of ['first', 'second'])
    expect(await handler()).toEqual({ executionName: 'night-to-2026-07-01-America.New_York' });
  expect(JSON.parse(ended.get('night-to-2026-07-01-America.New_York') ?? '')).toEqual({
    from: '2026-06-30T10:00:00.000Z',
    to: '2026-07-01T10:00:00.000Z',
  });
  expect(ended.size).toBe(2);
});

test('a night both of whose names others have taken fails the function', async () => {
  for (const name of ['night-to-2026-07-01', 'night-to-2026-07-01-Europe.London']) ended.set(name, '{}');
  await expect(handler()).rejects.toThrow('night-to-2026-07-01-Europe.London');
});

test('a report that cannot be started fails the function, which an alarm watches', async () => {
  failure = new Error('Rate exceeded');
  await expect(handler()).rejects.toThrow('Rate exceeded');
});

test('the names fit into an execution and into a literal, in every zone', async () => {
  for (const zone of [
    'Pacific/Kiritimati',
    'America/St_Johns',
    'Etc/GMT+5',
    'America/Argentina/ComodRivadavia',
  ]) {
    vi.stubEnv('HOSPITAL_ZONE', zone);
    ended.clear();
    expect((await handler()).executionName).toMatch(/^night-to-\d{4}-\d\d-\d\d$/);
    for (const name of [...ended.keys()]) ended.set(name, '{}');
    expect((await handler()).executionName).toMatch(/^night-to-\d{4}-\d\d-\d\d-[\w.-]{1,60}$/);
  }
});
