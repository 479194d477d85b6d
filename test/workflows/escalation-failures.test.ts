/** The escalation's definition, run: what happens when a page fails, reaches nobody, or nobody answers it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Payload } from '../../infra/local/engine/service.ts';
import { aMachine, named } from '../infra/local/services/step-functions/machine.ts';

/** With each placeholder bound to its own name. */
const { States, StartAt, ...rest } = JSON.parse(
  readFileSync('workflows/escalation.asl.json', 'utf8').replace(/\$\{(\w+)\}/g, '$1'),
);
const waitSeconds = 100;

/** An alert that needs this step once and is closed after it; the functions do nothing, unless said otherwise. */
async function carry(step: Payload, page: () => Payload = () => ({})) {
  const looks: number[] = [];
  const moves: { at: number; because?: string; action: string }[] = [];
  const it = aMachine(
    { [StartAt]: States[StartAt], ...States },
    {
      ...rest,
      functions: {
        OpenAlertFunctionArn: () => ({ outcome: 'resumed', alertId: 'alert-1' }),
        LookAtAlertFunctionArn: (_payload, { at }) => {
          looks.push(at);
          return looks.length === 1 ? { emergency: false, waitSeconds, ...step } : { step: 'closed' };
        },
        PageCliniciansFunctionArn: page,
        MoveAlertFunctionArn: ({ action, because }, { at }) => {
          moves.push({ at, action, ...(because && { because }) });
          return {};
        },
      },
    },
  );
  const { status } = await it.run({ resume: true, alertKey: 'PATIENT#p-7', alertId: 'alert-1' });
  const after = (at: number | undefined) => Math.round(((at ?? Number.NaN) - (looks[0] as number)) / 1000);
  return {
    status,
    lookedAgainAfter: after(looks[1]),
    moves: moves.map(({ at, ...move }) => ({ ...move, after: after(at) })),
  };
}

const pages = [
  ['Page nurse', { step: 'page', rung: 'nurse' }],
  ['Page nurse and doctor', { step: 'page', rung: 'nurse', emergency: true }],
  ['Page doctor', { step: 'page', rung: 'doctor' }],
  ['Page lead', { step: 'page', rung: 'lead' }],
  ['Page everyone', { step: 'page', rung: 'everyone' }],
] as const;

describe.each(pages)('%s', (_name, step) => {
  test('that nobody answers by the deadline is looked at again', async () => {
    expect(await carry(step)).toEqual({ status: 'SUCCEEDED', lookedAgainAfter: waitSeconds, moves: [] });
  });

  test.each([
    ['that reaches nobody', 'NobodyReached', 'nobody could be reached'],
    ['that fails', 'TypeError', 'the page failed'],
  ])('%s goes on to the next people at once, and says why', async (_how, error, because) => {
    const carried = await carry(step, () => {
      throw named(error);
    });
    expect(carried).toEqual({
      status: 'SUCCEEDED',
      lookedAgainAfter: 0,
      moves: [{ action: 'next', because, after: 0 }],
    });
  });
});

test.each([
  ['Wait for the recheck', 'wait'],
  ['Pause before calling again', 'rest'],
])('%s is over at the deadline, and the alert is looked at again', async (_name, step) => {
  expect(await carry({ step })).toEqual({
    status: 'SUCCEEDED',
    lookedAgainAfter: waitSeconds,
    moves: [{ action: 'wait', after: 0 }],
  });
});
