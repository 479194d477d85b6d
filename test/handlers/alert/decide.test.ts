import { describe, expect, test } from 'vitest';
import { type AlertCommand, decide } from '../../../handlers/alert/decide.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import { setAside } from '../../../handlers/alert/set-aside.ts';
import {
  aClosedAlert,
  aFulfilledClaim,
  aPagedAlert,
  aSupersededClaim,
  doctor,
  minute,
  newPageIds,
  nurse,
  seenAs,
} from './builders.ts';

const alert = aPagedAlert();
const seen = seenAs(alert);
const commands: { [Type in AlertCommand['type']]: Extract<AlertCommand, { type: Type }> } = {
  ask: { type: 'ask', seen, responders: [nurse], sighting: undefined, newPageIds },
  recordMails: { type: 'recordMails', step: stepOf(alert), published: [], turns: {} },
  recordOperationsTold: { type: 'recordOperationsTold', step: stepOf(alert), by: ['mail'] },
  recordUndeliverable: { type: 'recordUndeliverable', seen, failed: [], nobodyReached: true },
  accept: { type: 'accept', clinicianId: nurse.id, role: 'nurse', round: 1, shownLevel: 'critical' },
  decline: { type: 'decline', clinicianId: nurse.id, round: 1, reason: 'cannotCome' },
  handOver: { type: 'handOver', clinicianId: nurse.id, round: 1, to: doctor },
  giveBack: { type: 'giveBack', clinicianId: nurse.id, round: 1 },
  recordStandDown: { type: 'recordStandDown', whom: [nurse.id], notBefore: null },
  close: { type: 'close', clinicianId: nurse.id, reason: 'transferred', shownLevel: 'critical' },
  moveOn: { type: 'moveOn', seen, because: 'timeIsUp' },
  wait: { type: 'wait', seen },
  beginRound: { type: 'beginRound', seen, asking: 'repeat' },
  closeRecovered: { type: 'closeRecovered', seen, recent: [] },
  withdraw: { type: 'withdraw', measurementId: 'bp-1@3' },
  resume: { type: 'resume', stuck: { because: 'overdue' } },
};

/** What went out is on record, also when it is over by then. */
const isOfMails = ({ type }: AlertCommand) => ['recordOperationsTold', 'recordStandDown'].includes(type);

describe.each(Object.values(commands))('$type', (command) => {
  const about = { ...command, alertId: alert.alertId };

  test('of an alert that is closed is refused, whoever asks, unless it records what went out', () => {
    const closed = aClosedAlert();
    if (isOfMails(command)) return expect(decide(closed, about, minute(2))).not.toHaveProperty('refused');
    expect(decide(closed, about, minute(2))).toEqual({ refused: 'closed' });
    const elsewhere = aClosedAlert({ executionName: 'exec-2' });
    expect(decide(elsewhere, about, minute(2))).toEqual({ refused: 'closed' });
  });

  test('of an alert after which the patient has a newer one is refused as closed', () => {
    const newer = aPagedAlert({ alertId: 'a-newer-one-1234' });
    expect(decide(newer, about, minute(2))).toEqual({ refused: 'closed' });
  });

  test('of a patient who has no alert is refused as closed', () => {
    expect(decide(undefined, about, minute(2))).toEqual({ refused: 'closed' });
  });
});

test.each([aFulfilledClaim(alert.alertId), aSupersededClaim()])(
  'a claim that is $status raises nothing',
  (claim) => {
    const raise = { type: 'raise', claim, executionName: 'exec-2' } as const;
    for (const before of [undefined, alert, aClosedAlert()])
      expect(decide(before, raise, minute(2))).toEqual({ refused: 'settled' });
  },
);

test('an alert that can be read is not raised anew as unreadable', () => {
  const aside = setAside({ pk: alert.pk }, minute(2));
  expect(decide(alert, { type: 'raiseUnreadable', aside }, minute(2))).toEqual({ refused: 'readable' });
});
