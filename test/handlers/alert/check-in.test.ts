/** A check-in: the person, then the lead, then the operations, a quarter of an hour each; over with the first answer. */
import { describe, expect, test } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { alertKindOf, isLevelOf, levelFor, patientOf } from '../../../handlers/alert/alert-key.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import { toStandDown } from '../../../handlers/alert/called.ts';
import { type CheckIn, checkInKeyOf, checkInOf } from '../../../handlers/alert/check-in.ts';
import { Claim } from '../../../handlers/alert/claim.ts';
import { claimCheckIn } from '../../../handlers/alert/claim-check-in.ts';
import { escalationInput } from '../../../handlers/alert/claim-reading.ts';
import { pageMail, standDownMail } from '../../../handlers/alert/mail.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import { hashed } from '../../../handlers/naming/hashed.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { later } from '../../../handlers/time/instant.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import { at, minute, newPageIds, START, seenAs, when, whenRaised } from './builders.ts';

const roster = aRoster({
  rotations: [
    aRotation({ role: 'nurse', order: ['nurse-1'] }),
    aRotation({ role: 'doctor', order: ['doctor-1'] }),
    aRotation({ role: 'lead', order: ['lead-1'] }),
  ],
});
const zone = 'Europe/London';
const ofNurse: CheckIn = { ward: 'ward-001', role: 'nurse', clinicianId: 'nurse-1' };
const raised = (changes: Partial<CheckIn> = {}) =>
  whenRaised(undefined, claimCheckIn({ ...ofNurse, ...changes, beganAt: START }, at(1)), at(2));

const asked = (alert: Alert, now: string, of: Roster = roster) =>
  respondersOf(of, alert, now).map(({ id }) => id);
const next = (alert: Alert, now: string) =>
  assess(
    alert,
    { executionName: alert.executionName, alertId: alert.alertId },
    { responders: respondersOf(roster, alert, now), recent: [] },
    now,
  ).next;
const paged = (alert: Alert, now: string) =>
  when(
    alert,
    {
      type: 'ask',
      seen: seenAs(alert),
      responders: respondersOf(roster, alert, now),
      sighting: undefined,
      newPageIds,
    },
    now,
  );
const moved = (alert: Alert, now: string) =>
  when(alert, { type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }, now);
const accepted = (alert: Alert, clinicianId: string, now: string) =>
  when(alert, { type: 'accept', clinicianId, role: 'nurse', round: 1, shownLevel: 'check-in' }, now);
const ended = (alert: Alert, now: string) =>
  when(alert, { type: 'closeRecovered', seen: seenAs(alert), recent: [] }, now);

describe('its key', () => {
  test.each<CheckIn>([ofNurse, { ward: 'Ward #3#nurse', role: 'lead', clinicianId: 'lead-1' }])(
    'says on which level of which ward, and of who is asked a hash: %j',
    (checkIn) => {
      const key = checkInKeyOf(checkIn);
      const { ward, role, clinicianId } = checkIn;
      expect(checkInOf(key)).toEqual({ ward, role, clinicianHash: hashed(clinicianId) });
      expect([alertKindOf(key), patientOf(key)]).toEqual(['checkIn', null]);
      expect([isLevelOf(key, 'check-in'), isLevelOf(key, 'critical')]).toEqual([true, false]);
      expect([levelFor(key, 'critical'), isLevelOf('PATIENT#p-7', 'check-in')]).toEqual(['check-in', false]);
    },
  );

  test.each(['PATIENT#p-7', 'CHECKIN#ward-001#quality#q', 'CHECKIN#nurse-1'])('no other does: %s', (key) => {
    expect(checkInOf(key)).toBeUndefined();
  });

  test('what the execution is told names nobody, whatever the ids are', () => {
    const clinicianId = 'amara';
    const claim = claimCheckIn({ ...ofNurse, clinicianId, beganAt: START }, at(1));
    expect(JSON.stringify([claim.executionName, escalationInput(claim)])).not.toContain(clinicianId);
    const amara = {
      ...roster,
      clinicians: roster.clinicians.map((one) => ({
        ...one,
        id: one.id === 'nurse-1' ? clinicianId : one.id,
      })),
    };
    expect(asked(raised({ clinicianId }), at(2), amara)).toEqual([clinicianId]);
  });

  test('the claim is the same however often the same beginning is looked at, and another for the next shift', () => {
    const first = claimCheckIn({ ...ofNurse, beganAt: START }, at(1));
    expect(Claim.parse(first)).toEqual(first);
    expect(claimCheckIn({ ...ofNurse, beganAt: START }, at(400)).pk).toBe(first.pk);
    const others = [
      { ...ofNurse, beganAt: at(3600) },
      { ...ofNurse, role: 'lead' as const, beganAt: START },
      { ...ofNurse, clinicianId: 'nurse-2', beganAt: START },
    ];
    expect(new Set([first, ...others.map((one) => claimCheckIn(one, at(1)))].map(({ pk }) => pk)).size).toBe(
      4,
    );
    expect(first.executionName).toMatch(/^check-in-ward-001-nurse-20261124T0300Z-[0-9a-f]{12}$/);
  });
});

describe('who is asked', () => {
  test('the person for a quarter of an hour, the lead for another one, then nobody of the ward', () => {
    const first = raised();
    expect([asked(first, at(2)), next(first, at(2))]).toEqual([['nurse-1'], 'Page nurse']);
    expect(first.standing).toMatchObject({ deadline: later(at(2), 900) });
    const second = moved(paged(first, at(3)), minute(16));
    expect([asked(second, minute(16)), next(second, minute(16))]).toEqual([['lead-1'], 'Page lead']);
    const last = moved(paged(second, minute(16)), minute(32));
    expect([asked(last, minute(32)), next(last, minute(32))]).toEqual([[], 'Close alert']);
  });

  test('a doctor likewise; of a lead who does not answer the operations hear at once', () => {
    const ofDoctor = raised({ role: 'doctor', clinicianId: 'doctor-1' });
    expect([asked(ofDoctor, at(2)), next(ofDoctor, at(2))]).toEqual([['doctor-1'], 'Page doctor']);
    expect(moved(ofDoctor, minute(16)).step.escalationLevel).toBe('lead');
    const ofLead = raised({ role: 'lead', clinicianId: 'lead-1' });
    expect([asked(ofLead, at(2)), next(ofLead, at(2))]).toEqual([['lead-1'], 'Page lead']);
    expect(next(moved(ofLead, minute(16)), minute(16))).toBe('Close alert');
  });

  test('nobody is asked about themselves, nor is a ward without a lead waited for', () => {
    const both = { ...roster, rotations: [aRotation({ role: 'lead', order: ['nurse-1'] })] };
    expect(asked(moved(raised(), minute(16)), minute(16), both)).toEqual([]);
    const alert = moved(raised(), minute(16));
    const { next: then, ...found } = assess(
      alert,
      { executionName: alert.executionName, alertId: alert.alertId },
      { responders: [], recent: [] },
      minute(16),
    );
    expect([then, 'because' in found && found.because]).toEqual(['Move to the next step', 'nobodyOnCall']);
  });
});

describe('it ends', () => {
  test.each([
    ['whoever was asked has checked in', 'nurse-1', 'checkedIn'],
    ['somebody else sees to it', 'lead-1', 'seenTo'],
  ])('when %s', (_what, by, reason) => {
    const owned = accepted(moved(paged(raised(), at(3)), minute(16)), by, minute(17));
    expect(next(owned, minute(17))).toBe('Close alert');
    expect(ended(owned, minute(17)).standing).toMatchObject({ is: 'closed', reason });
  });

  test('as missed, and only the operations hear of that: the ward knows', () => {
    const last = moved(moved(paged(raised(), at(3)), minute(16)), minute(32));
    const called = { whom: ['nurse-1', 'lead-1'], notBefore: null };
    const missed = ended({ ...last, called }, minute(32));
    expect(missed.standing).toMatchObject({ is: 'closed', reason: 'missed' });
    expect(toStandDown(missed, minute(32))).toEqual([operationsMail, operationsWebhook]);
  });
});

describe('what is read', () => {
  const page = (alert: Alert) => pageMail(alert, { purpose: 'page', link: 'https://vigil/page/1', zone });

  test('by the person, and by the lead: no name', () => {
    const first = page(raised());
    expect(first.subject).toMatch(/^CHECK-IN - ward-001 - VG \w{6}$/);
    expect(first.message).toMatch(/^CHECK-IN, ward-001, reference VG/);
    expect(first.message).toContain('You are on call as nurse of ward-001. Please confirm');
    expect(first.message).toContain('The shift began Tue 24 Nov 03:00');
    const second = page(moved(raised(), minute(16)));
    expect(second.subject).toMatch(/^NOT CHECKED IN - ward-001 - VG/);
    expect(second.message).toContain('The nurse on call of ward-001 has not checked in.');
    for (const { subject, message } of [first, second])
      expect(`${subject}${message}`).not.toMatch(/nurse-1|patient,/);
  });

  test('at its end', () => {
    const owned = accepted(moved(raised(), minute(16)), 'nurse-1', minute(17));
    expect(standDownMail(ended(owned, minute(17)), 'clinician')).toMatchObject({
      subject: expect.stringMatching(/^CLOSED: NOT CHECKED IN - ward-001/),
      message: expect.stringContaining('whoever was asked has checked in. Nothing is left to do.'),
    });
    const missed = ended(moved(moved(raised(), minute(16)), minute(32)), minute(32));
    expect(standDownMail(missed, 'operations')).toMatchObject({
      subject: expect.stringMatching(/^MISSED: NOT CHECKED IN - ward-001/),
      message: expect.stringContaining(
        'The nurse on call of ward-001 has not checked in. Please find out why.',
      ),
    });
  });
});
