import { expect, test } from 'vitest';
import { elapsed } from '../../../../../infra/local/demo/console/format.ts';
import { stepList } from '../../../../../infra/local/demo/console/step-list.ts';
import { type ExecutionStep, stepsOf } from '../../../../../infra/local/demo/console/steps.ts';
import type { Watched } from '../../../../../infra/local/demo/console/watched.ts';
import type { HistoryEvent } from '../../../../../infra/local/services/step-functions/history.ts';
import type { Execution } from '../../../../../infra/local/services/step-functions/service.ts';
import { textOf } from '../../../../handlers/answering/browser.ts';

const wait = { Type: 'Wait', Seconds: 300, Next: 'Page nurse' };
const execution = {
  status: 'RUNNING',
  machine: { definition: { States: { Wait: wait } } },
} as unknown as Execution;

/** Events of one branch, a second apart. */
const history = (...events: [HistoryEvent['type'], object?][]): HistoryEvent[] =>
  events.map(([type, details], index) => ({
    id: index + 1,
    previousEventId: index,
    timestamp: index * 1000,
    type,
    ...(details && { details }),
  }));

const entered = { name: 'Page nurse', input: '{}' };
const scheduled = (resource: string) => ({
  resourceType: 'lambda',
  resource,
  parameters: '{"FunctionName":"arn:aws:lambda:eu-west-2:111122223333:function:page-clinicians"}',
  timeoutInSeconds: 120,
});
const forAnswer = scheduled('invoke.waitForTaskToken');
const timedOut = { error: 'States.Timeout' };
const oneStep = (...events: [HistoryEvent['type'], object?][]) =>
  stepsOf(execution, history(['TaskStateEntered', entered], ...events)).steps[0];

test('a task says what it calls, how often it was tried, and until when it waits for an answer', () => {
  expect(
    oneStep(
      ['TaskScheduled', forAnswer],
      ['TaskFailed', { error: 'Lambda.TooManyRequestsException' }],
      ['TaskScheduled', forAnswer],
    ),
  ).toMatchObject({
    number: 1,
    resource: 'lambda:invoke.waitForTaskToken page-clinicians',
    attempts: 2,
    waitsUntil: 123_000,
    status: 'current',
  });
});

test('a wait without a person ends when its seconds have passed', () => {
  const { steps } = stepsOf(execution, history(['WaitStateEntered', { name: 'Wait' }]));
  expect(steps).toMatchObject([{ waitsUntil: 300_000, attempts: 0 }]);
});

test('time that runs out while a person is waited for is the normal case; any other error was caught', () => {
  const exited = ['TaskStateExited', entered] as [HistoryEvent['type'], object];
  const after = (resource: string, type: HistoryEvent['type'], error: object) =>
    oneStep(['TaskScheduled', scheduled(resource)], [type, error], exited)?.status;
  expect(after('invoke.waitForTaskToken', 'TaskTimedOut', timedOut)).toBe('timedOut');
  expect(after('invoke', 'TaskTimedOut', timedOut)).toBe('caught');
  expect(after('invoke.waitForTaskToken', 'TaskFailed', { error: 'NobodyReached' })).toBe('caught');
});

test('the day stands with a step when it is another one than the start’s', () => {
  const at = Date.parse('2026-03-04T00:12:20.045Z');
  const watched = { hospital: { zone: 'Europe/London' }, account: { clock: { now: () => at } } } as Watched;
  const entered = (from: string) => {
    const step = { ...oneStep(), enteredAt: at } as ExecutionStep;
    return /errors Entered (.+?) State /.exec(textOf(stepList(watched, [step], Date.parse(from)).html))?.[1];
  };
  expect(entered('2026-03-04T00:00:00Z')).toBe('00:12:20.045');
  expect(entered('2026-03-03T23:59:00Z')).toBe('Wed 4 Mar 00:12:20.045');
});

test.each([
  [0, '0 ms'],
  [412, '412 ms'],
  [3204, '3.204 s'],
  [48_100, '48.1 s'],
  [120_000, '2 min 0 s'],
  [3_900_000, '1 h 5 min'],
])('%d ms are told as %s', (milliseconds, told) => {
  expect(elapsed(milliseconds)).toBe(told);
});
