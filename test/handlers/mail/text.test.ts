import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareMail, cleanMail, cut } from '../../../handlers/mail/text.ts';
import { visible } from '../../../handlers/naming/one-line.ts';

const seed = 20261126;
const SNS_SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

const marked = `a${'\u0308'.repeat(7)}`;

test.each([
  ['a character outside the first plane', 'abc𠮷野', 4, 'abc𠮷'],
  ['an accent of its own', 'Gyna\u0308k', 5, 'Gyna\u0308k'],
  ['a family of one sign', '👩‍👩‍👧x', 1, '👩‍👩‍👧'],
  ['a sign after letters with many marks', `${marked}${marked}🙂`, 3, `${marked}${marked}🙂`],
  ['a letter with marks without end', `ab${'\u0301'.repeat(40)}c`, 3, 'a'],
  ['a mark of two halves', `a${'\u0301'.repeat(6)}\u{1d165}`, 1, ''],
  ['a flag', '🇨🇭🇬🇧', 1, '🇨🇭'],
])('%s is never cut in half', (_what, text, count, expected) => {
  expect(cut(text, count)).toBe(expected);
});

test.each([
  ['a bell', 'a\u0007b', 'ab'],
  ['a line break stays', 'a\nb', 'a\nb'],
  ['a carriage return', 'a\r\nb', 'a\nb'],
  ['right to left', 'a\u202eb\u202c', 'ab'],
  ['NUL', 'a\0b', 'ab'],
  ['half a character', 'a\ud842b', 'ab'],
  ['separators of lines', 'a\u2028b\u2029', 'ab'],
  ['a letter that fills a place', 'a\u3164b\uffa0', 'ab'],
  ['an empty cell of Braille', 'a\u2800b', 'ab'],
  ['letters of any script', 'Frauenklinik Süd 野', 'Frauenklinik Süd 野'],
])('what is shown, and nothing else: %s', (_what, text, expected) => {
  expect(visible(text)).toBe(expected);
});

describe(`whatever a mail says, SNS takes it (seed ${seed})`, () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }));
  const halves = fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 50 });
  const hostile = fc.tuple(text, halves).map(([a, units]) => a + String.fromCharCode(...units));

  test('cleaned', () => {
    fc.assert(
      fc.property(hostile, hostile, (subject, message) => {
        const mail = cleanMail({ subject, message });
        expect(mail.subject).toMatch(SNS_SUBJECT);
        expect(mail.message.isWellFormed()).toBe(true);
        expect(mail.message).not.toBe('');
        expect(() => encodeURIComponent(mail.message)).not.toThrow();
      }),
      { seed, numRuns: 500 },
    );
  });

  test('bare', () => {
    fc.assert(
      fc.property(hostile, hostile, (subject, message) => {
        const mail = bareMail({ subject, message: `${message}\nhttps://answers.example/page/abc\n` });
        expect(mail.subject).toMatch(SNS_SUBJECT);
        expect(mail.message).toMatch(/^[\x20-\x7e\n]+$/);
        expect(mail.message).toContain('https://answers.example/page/abc');
      }),
      { seed, numRuns: 500 },
    );
  });
});

test('a very long message is cut, and stays within what SNS takes', () => {
  expect(Buffer.byteLength(cleanMail({ subject: 'x', message: '𠮷'.repeat(300_000) }).message)).toBeLessThan(
    256 * 1024,
  );
});
