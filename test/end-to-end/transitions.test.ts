/** What an alert costs in the state machine: one that the nurse accepts at the first page, and that the recheck closes. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CENTS_A_STATE_TRANSITION } from '../../infra/bench/list-prices.ts';
import { acceptAfter, aWard, type Ward } from './ward.ts';

let ward: Ward;
beforeAll(async () => {
  ward = await aWard({ habits: acceptAfter(45) });
  await ward.measure(188, 112);
  await ward.seconds(600);
  await ward.measure(124, 78);
  await ward.seconds(600);
});
afterAll(() => ward.vigil.stop());

/** Each state that is entered is a transition, and so is each attempt of a task after its first. */
const transitions: [state: string, why: string][] = [
  ['Open alert', 'the reading becomes the alert, which asks for the nurse'],
  ['What now?', 'page the nurse'],
  ['Page nurse', 'one mail; the nurse accepts'],
  ['Assess the alert', 'somebody has it'],
  ['What now?', 'wait for the recheck'],
  ['Wait for the recheck', 'a quarter of an hour'],
  ['Assess the alert', 'the reading since then is good'],
  ['What now?', 'close'],
  ['Close alert', 'recovered'],
  ['Assess the alert', 'it is over, and nobody has to be told'],
  ['What now?', 'the end'],
  ['Closed', 'the execution succeeds'],
];

test('it is twelve state transitions, none of them a retry', () => {
  const [execution] = ward.executions();
  expect(ward.executions()).toHaveLength(1);
  expect(execution?.status).toBe('SUCCEEDED');
  const arn = execution?.executionArn ?? '';
  expect(ward.states(arn)).toEqual(transitions.map(([state]) => state));
  const history = ward.sfn.history(arn);
  const count = (type: string) => history.filter((event) => event.type === type).length;
  expect(count('TaskScheduled')).toBe(count('TaskStateEntered'));
  expect(transitions.length).toBeLessThanOrEqual(12);
});

test('the README says how many, and what they cost', () => {
  const cents = Number((transitions.length * CENTS_A_STATE_TRANSITION).toFixed(4));
  expect(readFileSync('README.md', 'utf8')).toContain(
    `is ${transitions.length} state transitions: ${cents} US cents.`,
  );
});
