/** The escalation's definition, run: a task that fails once is asked again, and nobody notices. */
import { expect, test } from 'vitest';
import type { Assessment } from '../../handlers/alert/assess.ts';
import { AwsError } from '../../infra/local/engine/aws-error.ts';
import { named } from '../infra/local/services/step-functions/machine.ts';
import { assessments, carry, isAssessed, state, states } from './escalation.ts';

/** Errors of Lambda itself; a page that fails in the function goes to the next people instead. */
const ofLambda = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];
/** How a function that died is reported: it is tried again before the level is left. */
const ofDeath = ['Lambda.Unknown', 'Runtime.ExitError'];
/** What else a function may fail with. */
const others = ['AlertNotWritten', 'Sandbox.Timedout', 'TypeError'];
const errorsOf = (task: string) => [...ofLambda, ...ofDeath, ...(task.startsWith('Page ') ? [] : others)];

const failure = (error: string) =>
  ofLambda.includes(error) ? new AwsError(error.replace('Lambda.', ''), 'it broke') : named(error);

const tasks = states.filter(([, { Type }]) => Type === 'Task').map(([name]) => name);
/** What an alert needs when it is opened, for the two tasks that no assessment names to be entered. */
const needs: Record<string, Assessment['next']> = {
  'Open alert': 'Closed',
  'Assess the alert': 'Begin a new round',
};

test('every task is here', () => {
  const named = Object.keys(assessments).filter((name) => state(name).Type === 'Task');
  expect(tasks.toSorted()).toEqual([...Object.keys(needs), ...named].toSorted());
});

test.each(tasks.flatMap((task) => errorsOf(task).map((error) => [task, error] as const)))(
  '%s fails once with %s: it is asked again, and all goes on',
  async (task, error) => {
    const its = state(task).Arguments?.FunctionName.replace(/\W/g, '');
    const next = isAssessed(task) ? task : needs[task];
    if (!next) throw new Error(`Nothing leads to ${task}`);
    const { status, entered, calls } = await carry(next, (functionName, count) => {
      if (functionName === its && count === 1) throw failure(error);
    });
    expect(status).toBe('SUCCEEDED');
    // The same visit of the state, and no detour by way of a Catch.
    expect(entered).toEqual(['Open alert', ...(next === 'Closed' ? [] : [next, 'Assess the alert'])]);
    expect(calls).toHaveLength(entered.length + 1);
    expect(calls.filter(({ name }) => name === its).length).toBeGreaterThan(1);
  },
);
