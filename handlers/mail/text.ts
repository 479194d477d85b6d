/** The words of a mail as every mail program takes them: whole characters, nothing that cannot be seen, nothing too long. */
import { DateTime } from 'luxon';
import { visible } from '../naming/one-line.ts';
import { cleanText } from './text-message.ts';

/** `sms`: what goes to a telephone as well, where the addressee has one. */
export type Mail = { subject: string; message: string; sms?: string };

/** SNS: fewer than 100 characters of ASCII, without line breaks (API_Publish). */
export const SUBJECT_CHARACTERS = 99;
/** SNS takes 256 KiB; far less is read, and far less is what a sender may make a mail weigh. */
const MESSAGE_CHARACTERS = 20_000;

/** As many lines as a person reads in a list; a thousand more would still be under SNS's limit, and help nobody. */
const LISTED = 50;

/** On average: a family's sign has 8 to 11, and marks without end above one letter are no text. */
const UNITS_A_CHARACTER = 8;

/** The first `count` characters as people count them: none of them is cut in half, nor parted from its accent. */
export function cut(text: string, count: number): string {
  let end = 0;
  let left = count;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    if (left-- === 0 || end + segment.length > UNITS_A_CHARACTER * count) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** What SNS takes for certain. A sign that mail programs cannot be trusted with in a subject reads `?`. */
export function cleanMail({ subject, message, sms }: Mail): Mail {
  const line = visible(subject)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[^\x20-\x7e]/g, '?');
  return {
    subject: cut(line, SUBJECT_CHARACTERS) || 'Vigil',
    message: cut(visible(message), MESSAGE_CHARACTERS) || 'Vigil',
    ...(sms !== undefined && { sms: cleanText(sms) }),
  };
}

/** What is left of a mail that was refused: its lines of plain ASCII, the link among them, since those are our own. */
export function bareMail({ message }: Mail): Mail {
  const plain = message.split('\n').filter((line) => /^[\x20-\x7e]*$/.test(line));
  return cleanMail({ subject: 'Vigil: please open this message', message: plain.join('\n') });
}

/** A list's lines, and how many more there are; `where` says where those are to be found. */
export function listed(lines: readonly string[], where = ''): string[] {
  const more = lines.length - LISTED;
  return [
    ...lines.slice(0, LISTED).map((line) => `- ${line}`),
    ...(more > 0 ? [`- and ${more} more${where}`] : []),
  ];
}

/** e.g. `Tue 24 Nov 03:00 (Europe/London)`. */
export function mailTime(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone, locale: 'en-GB' }).toFormat("ccc d LLL HH:mm '('z')'");
}
