import { expect, test } from 'vitest';
import { browserCookies, knownBrowsers } from '../../../handlers/answering/known-browser.ts';

const key = Buffer.from('the key of a stage');
const day = (n: number) => new Date(Date.UTC(2026, 10, 1 + n)).toISOString();

/** A browser that keeps what it is given, as browsers do. */
class Jar {
  readonly #cookies = new Map<string, string>();
  sent = () => [...this.#cookies].map((pair) => pair.join('='));
  knows = (now: string) => knownBrowsers(key, this.sent(), now).map(({ clinicianId }) => clinicianId);
  isRight(clinicianId: string, now: string): void {
    for (const cookie of browserCookies(key, { id: 'b', clinicianId }, this.sent(), now)) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      if (/Max-Age=0/.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

test('a computer of a ward knows the twenty people who answered on it last, and the others’ cookies are gone', () => {
  const jar = new Jar();
  for (let n = 1; n <= 25; n++) jar.isRight(`nurse-${n}`, day(n));
  expect(jar.knows(day(26))).toEqual(Array.from({ length: 20 }, (_, n) => `nurse-${25 - n}`));
  // API Gateway takes 10,240 bytes of all headers together.
  expect(jar.sent().join('; ').length).toBeLessThan(3000);
  jar.isRight('nurse-6', day(27));
  jar.isRight('nurse-1', day(28));
  expect(jar.knows(day(29)).slice(0, 3)).toEqual(['nurse-1', 'nurse-6', 'nurse-25']);
  expect(jar.sent()).toHaveLength(20);
});

test('a cookie counts for half a year, for the one whose it is, and as it was made', () => {
  const jar = new Jar();
  jar.isRight('nurse-1', day(0));
  expect(jar.knows(day(179))).toEqual(['nurse-1']);
  expect(jar.knows(day(180))).toEqual([]);
  const [cookie = ''] = jar.sent();
  for (const forged of [
    cookie.replace('nurse-1', 'nurse-2'),
    `${cookie}x`,
    cookie.replace('=b.', '=c.'),
    'vigil-nurse-1=b.9999999999999.x',
    '__Host-vigil-nurse-1=',
    '__Host-vigil-nurse-1',
  ])
    expect(knownBrowsers(key, [forged], day(1))).toEqual([]);
});
