import { expect, test } from 'vitest';
import type { Alert } from '../../../../handlers/alert/alert.ts';
import { Purpose } from '../../../../handlers/alert/event.ts';
import { pageMail, standDownMail } from '../../../../handlers/alert/mail.ts';
import { type MailKind, mailKindOf } from '../../../../infra/local/replay/mail-kinds.ts';
import { aClosedAlert, anAlert, anOwnedAlert } from '../../../handlers/alert/builders.ts';

const kinds: Record<Purpose, MailKind> = {
  ...{ page: 'page', reminder: 'reminder', worse: 'worse', moved: 'moved', recheck: 'recheck' },
  ...{ repeat: 'repeat', withdrawn: 'repeat', handedOver: 'handedOver', givenBack: 'givenBack' },
};
const links = { link: 'https://vigil.example.org/page/x', zone: 'Europe/Zurich' };
/** A long place leaves room for the short words alone. */
const wards = ['ward-001', 'Gynaekologie und Geburtshilfe Obergeschoss Nord'];

test.each(Purpose.options)('%s is known by its subject', (purpose) => {
  for (const ward of wards) {
    const asking = purpose === 'reminder' ? 'page' : purpose;
    const alert = anAlert({ place: { ...anAlert().place, ward }, round: { asking } });
    expect(mailKindOf(pageMail(alert, { ...links, purpose }).subject)).toBe(kinds[purpose]);
  }
});

test('and so is what says that nobody need come', () => {
  for (const ward of wards) {
    const alert = anAlert({ place: { ...anAlert().place, ward } });
    expect(mailKindOf(standDownMail(alert, 'clinician').subject)).toBe('standDown');
  }
});

test.each([
  ['drill', 'DRILL#drill-1', 'critical'],
  ['checkIn', 'CHECKIN#ward-001#nurse#00000000000000000000000000000000', 'check-in'],
] as const)('every mail of a %s is one, its end as well', (kind, pk, worst) => {
  for (const escalationLevel of ['nurse', 'lead'] as const) {
    const alert = anAlert({ pk, patientId: null, worst, step: { escalationLevel } });
    const missed = { ...aClosedAlert({ pk, patientId: null, worst }), step: alert.step };
    const mails = [
      pageMail(alert, { ...links, purpose: 'page' }),
      pageMail(alert, { ...links, purpose: 'reminder' }),
      standDownMail(anOwnedAlert({ pk, patientId: null, worst }), 'clinician'),
      standDownMail(
        { ...missed, standing: { ...missed.standing, reason: 'missed' } as Alert['standing'] },
        'operations',
      ),
    ];
    expect(mails.map(({ subject }) => mailKindOf(subject))).toEqual([kind, kind, kind, kind]);
  }
});
