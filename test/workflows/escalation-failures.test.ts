/** The escalation's definition, run: what happens when a page fails, reaches nobody, or nobody answers it. */
import { describe, expect, test } from 'vitest';
import type { Assessment } from '../../handlers/alert/assess.ts';
import { named } from '../infra/local/services/step-functions/machine.ts';
import { carry, pageStates, waitSeconds } from './escalation.ts';

/** What becomes of an alert that needs this state: the moves that are made, and when it is assessed again. */
async function carried(next: Assessment['next'], error?: string) {
  const { status, calls } = await carry(next, (functionName) => {
    if (error && functionName === 'PageCliniciansFunctionArn') throw named(error);
  });
  const [opened] = calls;
  const assessed = calls.find(({ name }) => name === 'AssessAlertFunctionArn');
  const after = (at = Number.NaN) => Math.round((at - (opened?.at ?? Number.NaN)) / 1000);
  return {
    status,
    assessedAfter: after(assessed?.at),
    moves: calls
      .filter(({ name }) => name === 'MoveAlertFunctionArn')
      .map(({ at, payload: { action, because } }) => ({
        after: after(at),
        action,
        ...(because && { because }),
      })),
  };
}

describe.each(pageStates)('%s', (name) => {
  test('that nobody answers by the deadline has the alert assessed again', async () => {
    expect(await carried(name)).toEqual({ status: 'SUCCEEDED', assessedAfter: waitSeconds, moves: [] });
  });

  test.each([
    ['that reaches nobody', 'NobodyReached', 'nobodyReached'],
    ['that fails', 'TypeError', 'pageFailed'],
  ])('%s goes on to the next people at once, and says why', async (_how, error, because) => {
    expect(await carried(name, error)).toEqual({
      status: 'SUCCEEDED',
      assessedAfter: 0,
      moves: [{ action: 'moveOn', because, after: 0 }],
    });
  });
});

test.each(['Wait for the recheck', 'Pause before calling again'] as const)(
  '%s is over at the deadline, and the alert is assessed again',
  async (name) => {
    expect(await carried(name)).toEqual({
      status: 'SUCCEEDED',
      assessedAfter: waitSeconds,
      moves: [{ action: 'wait', after: 0 }],
    });
  },
);

test('that nobody can be told that they need not come has the alert assessed again', async () => {
  const { status, calls } = await carry('Tell who need not come', (functionName) => {
    if (functionName === 'StandDownFunctionArn') throw named('TypeError');
  });
  expect(status).toBe('SUCCEEDED');
  expect(calls.map(({ name }) => name).slice(1)).toEqual([
    ...Array(4).fill('StandDownFunctionArn'),
    'AssessAlertFunctionArn',
  ]);
});
