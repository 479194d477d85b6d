import { expect, test } from 'vitest';
import { Purpose } from '../../../../handlers/alert/event.ts';
import { pageMail, standDownMail } from '../../../../handlers/alert/mail.ts';
import { type MailKind, mailKindOf } from '../../../../infra/local/replay/mail-kinds.ts';
import { anAlert } from '../../../handlers/alert/builders.ts';

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
