import { describe, expect, test } from 'vitest';
import { type Command, decide } from '../../../handlers/alert/decide.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import { aClosedAlert, aPagedAlert, minute, newPageIds, nurse, seenAs } from './builders.ts';

const alert = aPagedAlert();
const seen = seenAs(alert);
const commands: { [Type in Command['type']]: Extract<Command, { type: Type }> } = {
  ask: { type: 'ask', seen, responders: () => [nurse], sighting: undefined, newPageIds },
  recordMails: { type: 'recordMails', step: stepOf(alert), published: [], turns: {} },
  recordOperationsTold: { type: 'recordOperationsTold', step: stepOf(alert), by: ['mail'] },
  recordUndeliverable: { type: 'recordUndeliverable', seen, failed: [], nobodyReached: true },
  accept: { type: 'accept', clinicianId: nurse.id, role: 'nurse', round: 1, shownLevel: 'critical' },
  decline: { type: 'decline', clinicianId: nurse.id, round: 1, reason: 'cannotCome' },
  close: { type: 'close', clinicianId: nurse.id, reason: 'transferred', shownLevel: 'critical' },
  moveOn: { type: 'moveOn', seen, because: 'timeIsUp' },
  wait: { type: 'wait', seen },
  beginRound: { type: 'beginRound', seen, asking: 'repeat' },
  closeRecovered: { type: 'closeRecovered', seen, recent: [] },
  resume: { type: 'resume', stuck: { because: 'overdue' } },
};

describe.each(Object.values(commands))('$type', (command) => {
  test('of an alert that is closed is refused, whoever asks', () => {
    const closed = aClosedAlert();
    expect(decide(closed, closed.alertId, command, minute(2))).toEqual({ refused: 'closed' });
    const elsewhere = aClosedAlert({ executionName: 'exec-2' });
    expect(decide(elsewhere, closed.alertId, command, minute(2))).toEqual({ refused: 'closed' });
  });

  test('of an alert after which the patient has a newer one is refused as closed', () => {
    const newer = aPagedAlert({ alertId: 'a-newer-one-1234' });
    expect(decide(newer, alert.alertId, command, minute(2))).toEqual({ refused: 'closed' });
  });
});
