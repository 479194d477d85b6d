import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { Purpose } from '../../../handlers/alert/event.ts';
import {
  everyoneMail,
  pageMail,
  restartedAlert,
  restartedClaim,
  standDownMail,
  stuckMail,
} from '../../../handlers/alert/mail.ts';
import { alarmLevels } from '../../../handlers/clinical/severity.ts';
import { cleanMail } from '../../../handlers/mail/text.ts';
import type { Place } from '../../../handlers/naming/place.ts';
import { type AlertChanges, aClosedAlert, anAlert, anOwnedAlert, bed4, nurse } from './builders.ts';

const link = 'https://answers.example/page/AbC123';
const zone = 'Europe/London';
/** An alert, by what its mails name: of its place and its round only what matters. */
type Named = Omit<AlertChanges, 'place'> & { place?: Partial<Place>; asking?: Alert['round']['asking'] };
const mail = ({ place, asking = 'page', ...changes }: Named = {}, purpose: Purpose = 'page') =>
  pageMail(anAlert({ ...changes, place: { ...bed4, ...place }, round: { asking } }), { purpose, link, zone });

describe('the subject says how bad, where, and which', () => {
  test.each([
    [{}, 'page', 'CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q'],
    [{ worst: 'emergency' }, 'page', 'EMERGENCY blood pressure - ward-001 bed 4 - VG 7F3K9Q'],
    [{ worst: 'suspect-critical' }, 'page', 'CHECK PATIENT AND CUFF - ward-001 bed 4 - VG 7F3K9Q'],
    [{ worst: 'emergency' }, 'worse', 'WORSE: EMERGENCY blood pressure - ward-001 bed 4 - VG 7F3K9Q'],
    [
      { asking: 'withdrawn', withdrawal: 'told' },
      'withdrawn',
      'REPEAT MEASUREMENT: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    ],
    [{}, 'reminder', 'REMINDER: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q'],
    [
      { asking: 'repeat' },
      'repeat',
      'REPEAT MEASUREMENT: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    ],
    [
      { asking: 'repeat' },
      'reminder',
      'REMINDER: REPEAT MEASUREMENT: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    ],
    [
      { asking: 'recheck' },
      'recheck',
      'STILL ALARMING: CRITICAL blood pressure - ward-001 bed 4 - VG 7F3K9Q',
    ],
    [
      { place: { ward: 'ward-002', bed: '1' } },
      'moved',
      'MOVED: CRITICAL blood pressure - ward-002 bed 1 - VG 7F3K9Q',
    ],
    [
      { place: { bed: null, device: 'bp-9', deviceRegistered: false } },
      'page',
      'CRITICAL blood pressure - unregistered device bp-9, ward ward-001 - VG 7F3K9Q',
    ],
  ] as const)('%j, %s', (changes, purpose, subject) => {
    expect(mail(changes, purpose).subject).toBe(subject);
  });
});

test('the body holds the link once, and the time of the hospital’s clock', () => {
  const { message } = mail({ arrivedAt: '2026-07-24T02:04:05.000Z' });
  expect(message.split(link)).toHaveLength(2);
  expect(message).toContain('Fri 24 Jul 03:04 (Europe/London)');
});

test('no mail names a patient or a clinician, nor gives a value', () => {
  for (const worst of alarmLevels) {
    for (const purpose of ['page', 'reminder', 'worse', 'moved', 'recheck', 'repeat'] as const) {
      const owner = { clinicianId: nurse.id };
      const alert = { worst, patientId: 'p-secret', pk: 'PATIENT#p-secret', owner };
      const { subject, message, sms } = mail(alert, purpose);
      const text = `${subject}\n${message.replace(link, '')}\n${sms}`;
      expect(text).not.toMatch(/p-secret|nurse-1|mmHg|\d{2,3}\/\d{2,3}/);
    }
  }
});

test('whatever wards and beds are called, SNS takes the subject, and the reference stands in it', () => {
  const seed = 20261124;
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ maxLength: 200 }),
      (ward, bed) => {
        for (const worst of alarmLevels) {
          const { subject } = mail({ place: { ward, bed }, worst, asking: 'repeat' }, 'reminder');
          expect(subject).toMatch(/^[A-Z][\x20-\x7e]{0,98}$/);
          expect(subject).toMatch(/ - VG 7F3K9Q$/);
        }
      },
    ),
    { seed },
  );
});

describe('a long ward gives way, the bed and the end of the ward never do', () => {
  const north = 'Gynäkologie und Geburtshilfe 3. Obergeschoss Nord';
  const south = 'Gynäkologie und Geburtshilfe 3. Obergeschoss Süd';

  test.each<[Named, Purpose, string]>([
    [
      { place: { ward: north, bed: '12b' } },
      'page',
      'CRITICAL blood pressure - Gynaekologie und Geburtshilfe 3. Obergeschoss Nord bed 12b - VG 7F3K9Q',
    ],
    [
      { place: { ward: north, bed: '12b' }, worst: 'suspect-emergency', asking: 'repeat' },
      'reminder',
      'REMINDER: REPEAT: CHECK PATIENT NOW - Gynaekologie und Geb... Obergeschoss Nord bed 12b - VG 7F3K9Q',
    ],
  ])('%j, %s', (changes, purpose, subject) => {
    expect(mail(changes, purpose).subject).toBe(subject);
  });

  test.each(['page', 'reminder', 'worse', 'moved', 'recheck', 'repeat'] as const)(
    'two wards are told apart in each mail (%s), and the text names them whole',
    (purpose) => {
      for (const worst of alarmLevels) {
        const [a, b] = [north, south].map((ward) =>
          mail({ place: { ward, bed: '12b' }, worst, asking: 'repeat' }, purpose),
        );
        expect(a?.subject).not.toBe(b?.subject);
        for (const { subject } of [a, b] as ReturnType<typeof mail>[]) {
          expect(subject).toMatch(/ bed 12b - VG 7F3K9Q$/);
          expect(subject.length).toBeLessThan(100);
        }
        expect(a?.message).toContain(`${north} bed 12b`);
      }
    },
  );

  test('the longest bed of a checked roster stands whole beside the longest ward and headline', () => {
    const [ward, bed] = ['w'.repeat(100), 'b'.repeat(24)];
    const { subject } = mail(
      { place: { ward, bed }, worst: 'suspect-emergency', asking: 'repeat' },
      'reminder',
    );
    expect(subject).toContain('REMINDER: REPEAT: CHECK PATIENT NOW - w');
    expect(subject).toMatch(new RegExp(` bed ${bed} - VG 7F3K9Q$`));
  });
});

test('the operations hear when everyone is called, and when nobody answered', () => {
  const calledFor = (attempt: number) =>
    everyoneMail(anAlert({ step: { escalationLevel: 'everyone', attempt } }), zone);
  expect(calledFor(0).subject).toBe('EVERYONE PAGED, CRITICAL - ward-001 bed 4 - VG 7F3K9Q');
  expect(calledFor(1).subject).toBe('UNANSWERED, CRITICAL - ward-001 bed 4 - VG 7F3K9Q');
});

test('one mail tells of everything that was raised again, and why', () => {
  const place = { ...bed4, ward: 'w', bed: '1' };
  const { subject, message } = stuckMail([
    restartedAlert(anAlert({ place, executionName: 'it-a1' }), 'overdue'),
    restartedClaim({ alertKey: 'PATIENT#p-7', place, level: 'emergency', executionName: 'another' }),
  ]);
  expect(subject).toBe('Vigil restarted 2 escalations');
  expect(message).toContain(
    '- VG 7F3K9Q, critical, w bed 1: it-a1 (overdue)\n' +
      '- emergency, w bed 1: another (its reading had not become an alert)\n',
  );
});

test('the mail lists fifty of a thousand, and says how many more there are', () => {
  const { message } = stuckMail(Array.from({ length: 1000 }, (_, n) => `number ${n}`));
  expect(message).toContain(
    '- number 49\n- and 950 more, which the list of executions in the console shows\n',
  );
});

describe('the text message on a telephone', () => {
  test.each([
    [{}, 'page', 'CRITICAL ward-001 bed 4 VG 7F3K9Q, see mail'],
    [{ worst: 'emergency' }, 'reminder', 'REMINDER: EMERGENCY ward-001 bed 4 VG 7F3K9Q, see mail'],
    [{ worst: 'suspect-critical' }, 'worse', 'WORSE: CHECK PATIENT ward-001 bed 4 VG 7F3K9Q, see mail'],
    [{ asking: 'repeat' }, 'repeat', 'REPEAT: CRITICAL ward-001 bed 4 VG 7F3K9Q, see mail'],
    // A device's fault wakes nobody, nor does what is no alert.
    [{ pk: 'DRILL#drill-1', patientId: null }, 'page', undefined],
    [{ pk: 'DRILL#drill-1', patientId: null, worst: 'emergency' }, 'reminder', undefined],
    [{ worst: 'technical', pk: 'DEVICE#bp-1#silent', patientId: null }, 'page', undefined],
    [{ worst: 'check-in', pk: 'CHECKIN#ward-001#nurse#amara', patientId: null }, 'page', undefined],
  ] as const)('%j, %s', (changes, purpose, sms) => {
    expect(mail(changes, purpose).sms).toBe(sms);
  });

  test('is one, whatever wards and beds are called: 160 signs that every telephone has, reference and end whole', () => {
    const seed = 20261126;
    const named = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ maxLength: 200 }));
    fc.assert(
      fc.property(named, named, (ward, bed) => {
        for (const worst of alarmLevels.filter((level) => !['technical', 'check-in'].includes(level))) {
          const { sms = '' } = cleanMail(mail({ place: { ward, bed }, worst, asking: 'repeat' }, 'reminder'));
          expect(sms).toMatch(/^REMINDER: [\x20-\x7e]+ VG 7F3K9Q, see mail$/);
          expect(sms).not.toMatch(/[[\]{}`~|\\^]/);
          expect(sms.length).toBeLessThanOrEqual(160);
        }
      }),
      { seed },
    );
  });
});

describe('who need not come any more is told', () => {
  test('who has it, by role, with place and reference, and without a link', () => {
    expect(standDownMail(anOwnedAlert({ owner: { role: 'doctor' } }), 'clinician')).toEqual({
      subject: 'ANSWERED, no need to come: CRITICAL - ward-001 bed 4 - VG 7F3K9Q',
      message:
        'CRITICAL blood pressure, ward-001 bed 4, reference VG 7F3K9Q.\nThe doctor has accepted. You need not come.',
      sms: 'ANSWERED, no need to come: CRITICAL ward-001 bed 4 VG 7F3K9Q',
    });
  });

  test('the operations, that nobody has to be telephoned', () => {
    const { subject, message, sms } = standDownMail(anOwnedAlert(), 'operations');
    expect(sms).toBeUndefined();
    expect(subject).toBe('ANSWERED: CRITICAL - ward-001 bed 4 - VG 7F3K9Q');
    expect(message).toContain('The nurse has accepted. You need not telephone the ward any more.');
  });

  test('that it is over, and how', () => {
    const { subject, message } = standDownMail(aClosedAlert(), 'clinician');
    expect(subject).toBe('CLOSED, no need to come: CRITICAL - ward-001 bed 4 - VG 7F3K9Q');
    expect(message).toContain('The alert has ended: the readings are good again. You need not come.');
    const closed = aClosedAlert();
    const byHand = { ...closed, standing: { ...closed.standing, reason: 'transferred' } } as Alert;
    expect(standDownMail(byHand, 'clinician').message).toContain('somebody of the ward has closed it.');
  });
});
