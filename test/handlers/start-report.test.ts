import { ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger } from '../../handlers/aws/logger.ts';
import { handler } from '../../handlers/start-report.ts';

const arn = 'arn:aws:states:eu-west-2:111122223333:stateMachine:nightly-report';
const started: unknown[] = [];
let failure: Error | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-07-01T05:15:00.000Z') });
  vi.stubEnv('HOSPITAL_ZONE', 'Europe/London');
  vi.stubEnv('NIGHTLY_REPORT_ARN', arn);
  vi.spyOn(logger, 'info').mockReturnValue();
  started.length = 0;
  failure = undefined;
  vi.spyOn(SFNClient.prototype, 'send').mockImplementation(async ({ input }: { input: unknown }) => {
    started.push(input);
    if (failure) throw failure;
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
  expect(started).toEqual([
    {
      stateMachineArn: arn,
      name: 'night-to-2026-07-01',
      input: '{"from":"2026-06-30T05:00:00.000Z","to":"2026-07-01T05:00:00.000Z"}',
    },
  ]);
});

test('a schedule that fires twice asks for the same execution, and one that has ended is not begun again', async () => {
  await handler();
  vi.setSystemTime(Date.parse('2026-07-01T06:10:00.000Z'));
  failure = new ExecutionAlreadyExists({ message: 'exists', $metadata: {} });
  await handler();
  expect(started[1]).toEqual(started[0]);
});

test('a report that cannot be started fails the function, which an alarm watches', async () => {
  failure = new Error('Rate exceeded');
  await expect(handler()).rejects.toThrow('Rate exceeded');
});

test('the name fits into an execution and into a literal, in every zone', async () => {
  for (const zone of ['Pacific/Kiritimati', 'America/St_Johns']) {
    vi.stubEnv('HOSPITAL_ZONE', zone);
    expect((await handler()).executionName).toMatch(/^night-to-\d{4}-\d\d-\d\d$/);
  }
});
