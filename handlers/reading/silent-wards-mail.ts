/** What the operations are told of wards that nothing is heard from: wards and times, nothing of patients. */
import { listed, type Mail, mailTime, SUBJECT_CHARACTERS } from '../mail/text.ts';
import { oneLine } from '../naming/one-line.ts';
import { ascii } from '../naming/place.ts';

/** One mail, however many. */
export function silentWardsMail(wards: readonly { ward: string; heardAt?: string }[], zone: string): Mail {
  const [first] = wards;
  const what = wards.length === 1 ? `ward ${ascii(first?.ward ?? '')}` : `${wards.length} wards`;
  return {
    subject: `Vigil has no readings from ${what}`.slice(0, SUBJECT_CHARACTERS),
    message: [
      'No device on these wards has sent a reading for longer than the roster allows:',
      ...listed(
        wards.map(
          ({ ward, heardAt }) =>
            `${oneLine(ward)}: ${heardAt ? `last reading ${mailTime(heardAt, zone)}` : 'no reading yet'}`,
        ),
      ),
      '',
      'Nobody is paged for a patient whose device sends nothing. Please telephone the wards. The runbook says how to find the',
      'cause, under "Wards silent". If a ward is heard again and then falls silent once more, you will get another mail.',
    ].join('\n'),
  };
}
