/** A device's alert in the decider: its own ladder, its own end, and never a patient's. */

import { describe, expect, test } from 'vitest';
import type { Alert, OpenAlert } from '../../../handlers/alert/alert.ts';
import { alertKeyOf, deviceAlertKey, faultOf, patientOf } from '../../../handlers/alert/alert-key.ts';
import { requestsOf } from '../../../handlers/alert/ask.ts';
import { type Assessment, assess } from '../../../handlers/alert/assess.ts';
import { Claim } from '../../../handlers/alert/claim.ts';
import { claimFault } from '../../../handlers/alert/claim-fault.ts';
import {
  backOffSeconds,
  escalationLevels,
  levelSeconds,
  louder,
  rolesOn,
} from '../../../handlers/alert/escalation-levels.ts';
import { isFaultOver } from '../../../handlers/alert/fault-over.ts';
import { everyoneMail, pageMail } from '../../../handlers/alert/mail.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import { mendedClaim } from '../../../handlers/alert/mend-claim.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import { faultInShort } from '../../../handlers/alert/technical-words.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { type Fault, technicalKinds } from '../../../handlers/reading/faults.ts';
import { ladderOf, technicalLadder } from '../../../handlers/timings/timings.ts';
import { aRoster } from '../on-call/builders.ts';
import {
  type AlertChanges,
  aDeviceAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  lead,
  minute,
  nurse,
  seenAs,
  stored,
  when,
  whenRaised,
  whenSetAside,
  whyNot,
} from './builders.ts';

const link = 'https://vigil.example/page/aaaa';
const zone = 'Europe/London';
const registry = { fallbackWard: 'ward-001', devices: [{ id: 'bp-1', ward: 'ward-001', bed: '4' }] };
const claim = claimFault('bp-1', { kind: 'unreadable', id: 'record-1', at: at(-1) }, registry, at(0));

const nextOf = (alert: Alert, fault?: Fault, now = minute(1)): Assessment => {
  const { executionName, alertId } = alert;
  const responders = alert.step.escalationLevel === 'nurse' ? [nurse] : [lead];
  return assess(alert, { executionName, alertId }, { responders, recent: [], fault }, now);
};
const anOwnedDeviceAlert = () => {
  const { pk, patientId, worst, announced, policy } = aDeviceAlert();
  return anOwnedAlert({ pk, patientId, worst, announced, policy });
};

describe('its ladder', () => {
  test('nurse, lead, then the operations with lead and nurse again; no doctor is asked', () => {
    expect(escalationLevels.map((level) => rolesOn(level, 'technical'))).toEqual([
      ['nurse'],
      [],
      ['lead'],
      ['lead', 'nurse'],
    ]);
    expect(escalationLevels.map((level) => louder(level, 'technical'))).toEqual([
      'lead',
      'lead',
      'everyone',
      'everyone',
    ]);
  });

  test('a quarter of an hour each, then once a shift, also where nobody can be mailed; an hour after acceptance', () => {
    expect(escalationLevels.map((level) => levelSeconds(technicalLadder, level, 0))).toEqual([
      900, 900, 900, 28_800,
    ]);
    expect(backOffSeconds('technical')).toBe(28_800);
    expect(ladderOf({ worst: 'technical' })).toBe(technicalLadder);
    expect(technicalLadder.recheckSeconds).toBe(3600);
  });

  test('is climbed without reminders', () => {
    let alert = whenRaised(undefined, claim, at(0));
    expect(alert).toMatchObject({
      pk: 'DEVICE#bp-1#unreadable',
      patientId: null,
      worst: 'technical',
      step: { escalationLevel: 'nurse' },
      standing: { deadline: minute(15) },
    });
    const climbed = [15, 30, 510].map((minutes) => {
      expect(nextOf(alert, undefined, minute(minutes))).toMatchObject({ next: 'Move to the next step' });
      alert = when(alert, { type: 'moveOn', seen: seenAs(alert), because: 'timeIsUp' }, minute(minutes));
      const { step, standing } = alert;
      return [step.escalationLevel, standing.is !== 'closed' && standing.deadline];
    });
    expect(climbed).toEqual([
      ['lead', minute(30)],
      ['everyone', minute(510)],
      ['everyone', minute(990)],
    ]);
  });

  test('nobody can be reached: the operations are not told each minute', () => {
    const alert = aDeviceAlert({ step: { escalationLevel: 'everyone' } });
    const seen = seenAs(alert);
    const { standing } = when(alert, { type: 'moveOn', seen, because: 'nobodyOnCall' }, minute(30));
    expect(standing).toMatchObject({ is: 'backingOff', deadline: minute(510) });
  });
});

describe('whom a level addresses', () => {
  const night = '2026-11-24T03:00:00.000Z';
  const asked = (changes: AlertChanges, now = night, roster = aRoster()) =>
    respondersOf(roster, aDeviceAlert({ announced: null, told: [], ...changes }), now).map(({ id }) => id);

  test.each([
    ['2026-11-24T07:59:59.999Z', []],
    ['2026-11-24T08:00:00.000Z', ['nurse-1']],
    ['2026-11-24T17:59:59.999Z', ['nurse-1']],
    ['2026-11-24T18:00:00.000Z', []],
    // Summer time.
    ['2026-07-24T07:00:00.000Z', ['nurse-1']],
    ['2026-07-24T17:00:00.000Z', []],
  ])('the nurse at %s: %j', (now, expected) => {
    expect(asked({}, now).map(() => 'nurse-1')).toEqual(expected);
  });

  test('the hours are the ward’s, else the hospital’s', () => {
    const hours = { from: '01:00', to: '04:00' };
    const isAsked = (changes: Parameters<typeof aRoster>[0]) => asked({}, night, aRoster(changes)).length > 0;
    expect(isAsked({ technicalHours: hours })).toBe(true);
    expect(isAsked({ wards: [{ id: 'ward-001', name: 'Heron', technicalHours: hours }] })).toBe(true);
    expect(
      isAsked({
        technicalHours: hours,
        wards: [{ id: 'ward-001', name: 'Heron', technicalHours: { from: '08:00', to: '09:00' } }],
      }),
    ).toBe(false);
  });

  test('where no lead is on call the nurse of the morning, with whom the operations are told again', () => {
    const roster = aRoster();
    const rotations = roster.rotations.filter(({ role }) => role !== 'lead');
    const everyone = { step: { escalationLevel: 'everyone' as const } };
    expect(asked(everyone, night, { ...roster, rotations })).toEqual([]);
    expect(asked(everyone, '2026-11-24T09:00:00.000Z', { ...roster, rotations })).toEqual(['nurse-1']);
    expect(asked(everyone, '2026-11-24T09:00:00.000Z')).toEqual(['lead-1', 'nurse-1']);
  });

  test('the lead at any hour; a doctor only who accepted it', () => {
    expect(asked({ step: { escalationLevel: 'lead' } })).toEqual(['lead-1']);
    expect(asked({ step: { escalationLevel: 'everyone' } })).toEqual(['lead-1']);
    expect(asked({ step: { escalationLevel: 'doctor' } })).toEqual([]);
    const owner = { clinicianId: 'doctor-1', role: 'doctor', round: 1 };
    const again = { round: { number: 2, asking: 'repeat' as const }, owner };
    expect(asked({ ...again, step: { escalationLevel: 'doctor' } })).toEqual(['doctor-1']);
  });
});

describe('its end', () => {
  const over = { since: at(-2), endedAt: minute(1) };

  test.each<[string, Fault | undefined, boolean]>([
    ['nothing is remembered', undefined, false],
    ['it lasts', { since: at(-2) }, false],
    ['a good reading came', over, true],
    ['within the same millisecond', { since: at(-2), endedAt: at(-2) }, true],
    ['that was the fault before', { since: minute(-9), endedAt: minute(-8) }, false],
    ['the alert was raised anew meanwhile', { since: minute(-9), endedAt: minute(1) }, true],
    ['there is a newer fault', { since: minute(2) }, false],
  ])('%s', (_what, fault, expected) => {
    expect(isFaultOver(aDeviceAlert(), fault)).toBe(expected);
    expect(isFaultOver(aPagedAlert(), fault)).toBe(false);
  });

  const raised = whenRaised(undefined, claim, at(0));
  const asked = when(
    raised,
    { type: 'ask', seen: seenAs(raised), responders: [nurse], sighting: undefined, newPageIds: ['p1'] },
    at(1),
  ) as OpenAlert;
  const step = stepOf(asked);
  const published = requestsOf(asked, [nurse]);
  const deferred = { type: 'recordMails', step, published: [], turns: { 'nurse-1': at(40) } } as const;
  const failed = published.map((request) => ({ ...request, reason: 'NotFound' }));
  const undeliverable = {
    type: 'recordUndeliverable',
    seen: seenAs(asked),
    failed,
    nobodyReached: true,
  } as const;
  const decline = { type: 'decline', clinicianId: nurse.id, round: 1, reason: 'cannotCome' } as const;
  const mailed = when(asked, { type: 'recordMails', step, published, turns: {} }, at(2));
  const everyone = anAlert({ ...asked, step: { escalationLevel: 'everyone' } } as never);
  const told = { type: 'recordOperationsTold', step: stepOf(everyone), by: ['mail'] } as const;

  test.each<[string, Alert, boolean]>([
    ['raised', raised, false],
    ['their mail is yet to go out', asked, false],
    ['their mail waits for its turn', when(asked, deferred, at(2)), false],
    ['their mail could not be sent', when(asked, undeliverable, at(2)), false],
    ['everyone is called, and not even the operations could be told', everyone, false],
    ['the operations were told', when(everyone, told, at(2)), true],
    ['their mail was published', mailed, true],
    ['who was mailed declined', when(mailed, decline, at(3)), true],
    ['somebody has it', anOwnedDeviceAlert(), true],
  ])('somebody is told of it first: %s', (_how, alert, expected) => {
    expect(isFaultOver(alert, over)).toBe(expected);
  });

  test('until then they are asked', () => {
    expect(nextOf(raised, over).next).toBe('Page nurse');
  });

  test.each([
    ['waited for', aDeviceAlert()],
    ['owned', anOwnedDeviceAlert()],
  ])('%s: the alert closes by it, and by nothing else', (_how, alert) => {
    expect(nextOf(alert, over)).toMatchObject({ next: 'Close alert' });
    const close = (fault?: Fault) =>
      ({ type: 'closeRecovered', seen: seenAs(alert), recent: [], fault }) as const;
    expect(when(alert, close(over), minute(2)).standing).toMatchObject({ is: 'closed', reason: 'recovered' });
    expect(whyNot(alert, close({ since: at(-2) }), minute(2))).toBeDefined();
    expect(whyNot(alert, { ...close(over), seen: { ...seenAs(alert), round: 7 } }, minute(2))).toBe(
      'movedOn',
    );
  });

  test('accepted, and no good reading within the hour: another round', () => {
    const alert = anOwnedDeviceAlert();
    expect(nextOf(alert, { since: at(-2) }, minute(16))).toMatchObject({
      next: 'Begin a new round',
      asking: 'repeat',
    });
  });
});

describe('what cannot be read of it', () => {
  const { pk } = aDeviceAlert();

  test('a device’s stays technical, a patient’s never becomes it', () => {
    const aside = (item: object) => whenSetAside({ ...item, told: 'nobody' } as never, minute(5)).alert;
    expect(aside({ ...stored(aDeviceAlert()), worst: 7 })).toMatchObject({
      pk,
      patientId: null,
      worst: 'technical',
    });
    expect(aside({ ...stored(aDeviceAlert()), worst: 'emergency' }).worst).toBe('technical');
    expect(aside({ ...stored(anAlert()), worst: 'technical' })).toMatchObject({
      patientId: 'p-7',
      worst: 'emergency',
    });
  });

  test('a claim likewise', () => {
    const mended = (item: object) => mendedClaim({ ...item, policy: 7 } as never, minute(5));
    expect(mended({ ...claim, level: 'loud' })).toMatchObject({ patientId: null, level: 'technical' });
    expect(mended({ ...claim, alertKey: 'PATIENT#p-7' })).toMatchObject({
      patientId: 'p-7',
      level: 'emergency',
    });
  });
});

test('an item that mixes the two does not parse', () => {
  const isAlert = (alert: Alert) => StoredAlert.safeParse(stored(alert)).success;
  expect([aDeviceAlert(), anAlert()].map(isAlert)).toEqual([true, true]);
  expect([aDeviceAlert({ worst: 'critical' }), anAlert({ worst: 'technical' })].map(isAlert)).toEqual([
    false,
    false,
  ]);
  const isClaim = (changed: object) => Claim.safeParse({ ...claim, ...changed }).success;
  expect([{}, { level: 'critical' }, { alertKey: 'PATIENT#p-7' }].map(isClaim)).toEqual([true, false, false]);
});

test('keys are told apart, whatever devices and patients are called', () => {
  for (const device of ['bp-1', 'a#b', 'unregistered', 'x#silent'])
    for (const kind of technicalKinds) {
      const key = deviceAlertKey(device, kind);
      expect(faultOf(key)).toEqual({ device, kind });
      expect(patientOf(key)).toBeNull();
    }
  for (const patient of ['p-7', 'DEVICE#bp-1#silent', '#bp-1'])
    expect(patientOf(alertKeyOf(patient))).toBe(patient);
});

test('the same beginning has the same claim, and any other another one', () => {
  const idOf = (device: string, kind: 'unreadable' | 'silent', id: string) =>
    claimFault(device, { kind, id, at: at(-1) }, registry, at(0)).readingId;
  expect(idOf('bp-1', 'unreadable', 'record-1')).toBe(claim.readingId);
  const others = [
    idOf('bp-2', 'unreadable', 'record-1'),
    idOf('bp-1', 'silent', 'record-1'),
    idOf('bp-1', 'unreadable', 'r'),
  ];
  expect(new Set([claim.readingId, ...others]).size).toBe(4);
});

describe('the mails', () => {
  const mail = (alert: Alert, purpose: 'page' | 'reminder' | 'repeat' = 'page') =>
    pageMail(alert, { purpose, link, zone });

  test.each(technicalKinds)('%s: which device, where, and what to do', (kind) => {
    const { subject, message } = mail(aDeviceAlert({ pk: deviceAlertKey('bp-1', kind) }));
    expect(subject).toBe('TECHNICAL ALERT - ward-001 bed 4 - VG 7F3K9Q');
    expect(message).toMatch(/Technical alert, not raised for a patient\. Device bp-1: [a-z][\x20-\x7e]+\./);
    expect(message).toContain('Since Tue 24 Nov 02:59');
    expect(message).toContain(`Please see to the device, and answer on this page:\n${link}\n`);
    expect(message).not.toMatch(/see the patient|[Bb]lood pressure|Alarming/);
  });

  test('a device that is not registered has no name', () => {
    const place = { ward: 'ward-001', bed: null, device: '', deviceRegistered: false };
    const alert = aDeviceAlert({ pk: 'DEVICE#unregistered#errorCode', place });
    expect(mail(alert).message).toContain('A device that is not registered: its readings cannot be used');
  });

  test('asked again, it says why', () => {
    const again = aDeviceAlert({ round: { number: 2, asking: 'repeat' } });
    expect(mail(again, 'repeat').subject).toBe('STILL OPEN: TECHNICAL ALERT - ward-001 bed 4 - VG 7F3K9Q');
    expect(mail(again, 'repeat').message).toContain('the device has sent no good reading since');
    expect(mail(again, 'reminder').message).toContain('Nobody has accepted yet. Please see to the device');
  });

  test('the operations hear that nobody has taken it', () => {
    const told = (attempt: number) =>
      everyoneMail(aDeviceAlert({ step: { escalationLevel: 'everyone', attempt } }), zone);
    expect(told(0).subject).toBe('NOT ACCEPTED, TECHNICAL - ward-001 bed 4 - VG 7F3K9Q');
    expect(told(1).subject).toBe('STILL NOT ACCEPTED, TECHNICAL - ward-001 bed 4 - VG 7F3K9Q');
    expect(told(0).message).toContain('Device bp-1: what it sends cannot be read.');
    expect(told(0).message).toContain('Nobody on the ward has accepted it. Please telephone the ward.');
  });

  test('a table has it in short', () => {
    expect(faultInShort('DEVICE#bp-17#errorCode')).toBe('bp-17: error code');
    expect(faultInShort('PATIENT#p-7')).toBe('PATIENT#p-7');
  });
});
