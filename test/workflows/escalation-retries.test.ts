/** The escalation's definition, run: a task that fails once is asked again, and nobody notices. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AwsError } from '../../infra/local/engine/aws-error.ts';
import type { Payload } from '../../infra/local/engine/service.ts';
import { aMachine, named } from '../infra/local/services/step-functions/machine.ts';

/** With each placeholder bound to its own name. */
const { States, StartAt, ...rest } = JSON.parse(
  readFileSync('workflows/escalation.asl.json', 'utf8').replace(/\$\{(\w+)\}/g, '$1'),
);

/** What Look says so that the task is reached; nothing for those before and at Look. */
const steps: Record<string, Payload | undefined> = {
  'Open alert': undefined,
  'Look at the alert': undefined,
  'Page nurse': { step: 'page', rung: 'nurse' },
  'Page nurse and doctor': { step: 'page', rung: 'nurse', emergency: true },
  'Page doctor': { step: 'page', rung: 'doctor' },
  'Page lead': { step: 'page', rung: 'lead' },
  'Page everyone': { step: 'page', rung: 'everyone' },
  'Move to the next step': { step: 'move on', because: 'time is up' },
  'Wait for the recheck': { step: 'wait' },
  'Pause before calling again': { step: 'rest' },
  'Begin a new round': { step: 'new round', asking: 'repeat' },
  'Close alert': { step: 'close' },
};

/** Errors of Lambda itself; a page that fails in the function goes to the next people instead. */
const ofLambda = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];
/** How a function that died is reported: it is tried again before the rung is left. */
const ofDeath = ['Lambda.Unknown', 'Runtime.ExitError'];
const errorsOf = (task: string) =>
  task.startsWith('Page ') ? [...ofLambda, ...ofDeath] : [...ofLambda, 'AlertNotWritten'];

const failure = (error: string) =>
  ofLambda.includes(error) ? new AwsError(error.replace('Lambda.', ''), 'it broke') : named(error);

/** Carries an alert that needs this one step and is closed after it; the task's function fails once. */
async function failingOnce(task: string, error: string) {
  const calls: string[] = [];
  let looks = 0;
  const answer =
    (name: string, result: () => Payload = () => ({})) =>
    () => {
      calls.push(name);
      const isFirst = calls.filter((call) => call === name).length === 1;
      if (isFirst && name === States[task].Arguments.FunctionName) throw failure(error);
      return result();
    };
  const it = aMachine(
    { [StartAt]: States[StartAt], ...States },
    {
      ...rest,
      functions: {
        OpenAlertFunctionArn: answer('OpenAlertFunctionArn', () => ({
          outcome: 'opened',
          alertId: 'alert-1',
        })),
        LookAtAlertFunctionArn: answer('LookAtAlertFunctionArn', () =>
          ++looks === 1 && steps[task]
            ? { emergency: false, waitSeconds: 100, ...steps[task] }
            : { step: 'closed' },
        ),
        PageCliniciansFunctionArn: answer('PageCliniciansFunctionArn'),
        MoveAlertFunctionArn: answer('MoveAlertFunctionArn'),
      },
    },
  );
  const { status, history } = await it.run({ readingId: 'reading-1', alertKey: 'PATIENT#p-7' });
  const entered = history.events
    .filter(({ type }) => type === 'TaskStateEntered')
    .map(({ details }) => (details as Payload).name as string);
  return { status, entered, calls };
}

const tasks = Object.keys(States).filter((name) => States[name].Type === 'Task');

test('every task is here', () => {
  expect(tasks.toSorted()).toEqual(Object.keys(steps).toSorted());
});

test.each(tasks.flatMap((task) => errorsOf(task).map((error) => [task, error] as const)))(
  '%s fails once with %s: it is asked again, and all goes on',
  async (task, error) => {
    const { status, entered, calls } = await failingOnce(task, error);
    expect(status).toBe('SUCCEEDED');
    // The same visit of the state, and no detour by way of a Catch.
    expect(entered).toEqual([
      'Open alert',
      'Look at the alert',
      ...(steps[task] ? [task, 'Look at the alert'] : []),
    ]);
    expect(calls).toHaveLength(entered.length + 1);
    expect(calls.filter((call) => call === States[task].Arguments.FunctionName).length).toBeGreaterThan(1);
  },
);
