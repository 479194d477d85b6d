/** A drill: asked as any alert, over with the first answer, never repeated for ever, and never mixed with a patient's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import {
  alertKeyOf,
  alertKindOf,
  drillKeyOf,
  isLevelOf,
  levelFor,
  patientOf,
} from '../../../handlers/alert/alert-key.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import { toStandDown } from '../../../handlers/alert/called.ts';
import { Claim } from '../../../handlers/alert/claim.ts';
import { claimDrill } from '../../../handlers/alert/claim-drill.ts';
import { claimReading } from '../../../handlers/alert/claim-reading.ts';
import { everyoneMail, pageMail, standDownMail } from '../../../handlers/alert/mail.ts';
import { judge, levelIfReal } from '../../../handlers/clinical/judge.ts';
import { adult } from '../../../handlers/clinical/policies.ts';
import { cleanMail } from '../../../handlers/mail/text.ts';
import { aReading } from '../reading/builders.ts';
import {
  type AlertChanges,
  aPagedAlert,
  at,
  doctor,
  minute,
  nurse,
  seenAs,
  when,
  whenRaised,
  whyNot,
} from './builders.ts';

const aDrill = (changes: AlertChanges = {}) =>
  aPagedAlert({ pk: 'DRILL#drill-1', patientId: null, ...changes });
const onEveryone = (changes: AlertChanges = {}) =>
  aDrill({ step: { escalationLevel: 'everyone', asked: [nurse.id, doctor.id] }, ...changes });

const next = (alert: Alert, now: string) =>
  assess(
    alert,
    { executionName: alert.executionName, alertId: alert.alertId },
    { responders: [nurse], recent: [] },
    now,
  ).next;
const close = (alert: Alert) => ({ type: 'closeRecovered', seen: seenAs(alert), recent: [] }) as const;
const accept = {
  type: 'accept',
  clinicianId: nurse.id,
  role: 'nurse',
  round: 1,
  shownLevel: 'critical',
} as const;
const zone = 'Europe/London';

describe('it ends', () => {
  test('with the first answer, for which nobody has to measure', () => {
    const accepted = when(aDrill(), accept, minute(1));
    expect(next(accepted, minute(1))).toBe('Close alert');
    expect(when(accepted, close(accepted), minute(1)).standing).toMatchObject({
      ...{ is: 'closed', reason: 'drill', clinicianId: null, formerOwner: { clinicianId: nurse.id } },
    });
  });

  test.each([
    ['while the nurse is waited for', aDrill(), minute(1)],
    ['when the nurse has not answered', aDrill(), minute(3)],
    ['while everyone is waited for', onEveryone(), minute(1)],
  ])('not %s', (_when, alert, now) => {
    expect(next(alert, now)).not.toBe('Close alert');
    expect(whyNot(alert, close(alert), now)).toBe('notOwned');
  });

  test.each([
    ['after everyone was asked once', onEveryone(), minute(2)],
    ['when nobody of them could be reached', onEveryone({ standing: { is: 'backingOff' } }), minute(1)],
  ])('as missed, %s, and the operations hear of it', (_when, alert, now) => {
    expect(next(alert, now)).toBe('Close alert');
    const missed = when({ ...alert, called: { whom: [nurse.id], notBefore: null } }, close(alert), now);
    expect(missed.standing).toMatchObject({ is: 'closed', reason: 'missed' });
    expect(toStandDown(missed, now)).toEqual([nurse.id, operationsMail, operationsWebhook]);
    expect(next(missed, now)).toBe('Tell who need not come');
  });

  test('and an alert of a patient by neither', () => {
    const everyone = aPagedAlert({ step: { escalationLevel: 'everyone' } });
    expect(next(everyone, minute(2))).toBe('Move to the next step');
    expect(whyNot(everyone, close(everyone), minute(2))).toBe('notOwned');
    const owned = when(aPagedAlert(), accept, minute(1));
    expect(next(owned, minute(1))).toBe('Wait for the recheck');
    expect(whyNot(owned, close(owned), minute(1))).toBe('notRecovered');
  });
});

describe('who reads it', () => {
  const mails = (alert: Alert) => [
    pageMail(alert, { purpose: 'page', link: 'https://vigil/page/1', zone }),
    pageMail(alert, { purpose: 'reminder', link: 'https://vigil/page/1', zone }),
    everyoneMail(onEveryone(alert), zone),
    standDownMail(when(alert, accept, minute(1)), 'clinician'),
    standDownMail(when(alert, accept, minute(1)), 'operations'),
  ];

  test('finds before anything else that it is a drill', () => {
    for (const mail of mails(aDrill())) {
      expect(cleanMail(mail).subject).toMatch(/^DRILL - no patient: .* - VG 7F3K9Q$/);
      expect(mail.message).toMatch(/^DRILL - no patient: CRITICAL blood pressure, /);
      expect(mail.message).not.toMatch(/see the patient|measure/);
    }
    expect(mails(aPagedAlert()).some(({ subject }) => subject.includes('DRILL'))).toBe(false);
  });

  test('hears how it ended', () => {
    const ended = (alert: Alert, now: string) => standDownMail(when(alert, close(alert), now), 'operations');
    expect(ended(when(aDrill(), accept, minute(1)), minute(1)).message).toContain('has accepted');
    expect(ended(onEveryone(), minute(2))).toMatchObject({
      subject: expect.stringMatching(/^DRILL - no patient: MISSED: CRITICAL - /),
      message: expect.stringContaining('everyone was asked, and nobody has answered'),
    });
  });
});

describe('it has keys of its own', () => {
  test('by which it is known', () => {
    expect(alertKindOf(drillKeyOf('p-7'))).toBe('drill');
    expect(patientOf(drillKeyOf('p-7'))).toBeNull();
    expect(isLevelOf('DRILL#p-7', 'emergency')).toBe(true);
    expect(isLevelOf('DRILL#p-7', 'technical')).toBe(false);
    expect(levelFor('DRILL#p-7', 'critical')).toBe('critical');
    expect(levelFor('DRILL#p-7', undefined)).toBe('emergency');
  });

  const values = { systolicMmHg: 205, diastolicMmHg: 125, arrivedAt: at(-1), measuredAt: at(-2) };
  const anId = fc.oneof(
    fc.constantFrom('p-7', 'DRILL#p-7', 'PATIENT#p-7', 'DEVICE#bp-1#silent'),
    fc.string(),
  );

  test('a patient and a drill never meet, whatever they are called, in whichever order they come', () => {
    const sent = fc.record({
      patientId: anId,
      readingId: fc.constantFrom('one', 'two', 'three'),
      isTest: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 12 }), (all) => {
        const claims = new Map<string, boolean>();
        const alerts = new Map<string, { alert: Alert; isTest: boolean }>();
        for (const { patientId, readingId, isTest } of all) {
          if (patientId === '') continue;
          const reading = aReading({
            ...values,
            patientId,
            readingId,
            quality: isTest ? 'test' : 'measured',
          });
          const judgement = judge(reading, adult);
          const level = levelIfReal(judgement) ?? 'critical';
          const claim = isTest
            ? claimDrill({ reading, judgement }, level, at(0))
            : claimReading({ reading, judgement }, level, 'inTime', at(0));
          expect(Claim.safeParse(claim).success).toBe(true);
          expect(claims.get(claim.pk) ?? isTest).toBe(isTest);
          claims.set(claim.pk, isTest);
          if (claim.status !== 'unfulfilled') throw new Error('it is raised');
          const known = alerts.get(claim.alertKey);
          expect(known?.isTest ?? isTest).toBe(isTest);
          const alert = whenRaised(known?.alert, claim, at(1));
          expect(alert.patientId).toBe(isTest ? null : patientId);
          alerts.set(claim.alertKey, { alert, isTest });
        }
      }),
    );
  });

  test('a test and a measurement of the same values have claims of their own', () => {
    const reading = aReading({ ...values, quality: 'test' });
    const judged = { reading, judgement: judge(reading, adult) };
    const [drill, real] = [
      claimDrill(judged, 'critical', at(0)),
      claimReading(judged, 'critical', 'inTime', at(0)),
    ];
    expect([drill.pk, drill.alertKey]).not.toEqual([real.pk, real.alertKey]);
    expect(drill).toMatchObject({
      alertKey: drillKeyOf(reading.patientId),
      patientId: null,
      level: 'critical',
    });
    expect(drill.executionName).toMatch(/^drill-/);
    expect(alertKeyOf(reading.patientId)).toBe(real.alertKey);
  });
});
