import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formToken, isFormToken, sessionOwner, sessionToken } from '../../../handlers/answering/tokens.ts';

const key = Buffer.alloc(32, 'k');
const about = 'page abc';

describe('a form token counts in its hour and the next', () => {
  const token = formToken(key, about, '2026-11-24T02:59:59.999Z');
  test.each([
    ['at once', '2026-11-24T02:59:59.999Z', true],
    ['over the hour', '2026-11-24T03:00:00.000Z', true],
    ['to the end of the next hour', '2026-11-24T03:59:59.999Z', true],
    ['not after it', '2026-11-24T04:00:00.000Z', false],
    ['nor before its own', '2026-11-24T01:59:59.999Z', false],
  ])('%s', (_case, now, good) => {
    expect(isFormToken(key, about, token, now)).toBe(good);
  });
});

const now = '2026-11-24T03:00:00.000Z';

test('a token is good for its own page and key only', () => {
  const token = formToken(key, about, now);
  expect(isFormToken(key, 'page abd', token, now)).toBe(false);
  expect(isFormToken(Buffer.alloc(32, 'x'), about, token, now)).toBe(false);
});

test('a form token is no session, and a session no form token', () => {
  const session = sessionToken(key, about, 'nurse-1', now);
  expect(isFormToken(key, about, session, now)).toBe(false);
  const claimed = `nurse-1.${Date.parse(now) + 1000}.${formToken(key, about, now)}`;
  expect(sessionOwner(key, about, claimed, now)).toBeUndefined();
});

test('a session says whose it is, for ten minutes', () => {
  const session = sessionToken(key, about, 'nurse-1', now);
  expect(sessionOwner(key, about, session, '2026-11-24T03:09:59.999Z')).toBe('nurse-1');
  expect(sessionOwner(key, about, session, '2026-11-24T03:10:00.000Z')).toBeUndefined();
});

test('no change of a session, however small, keeps it valid', () => {
  const seed = 20_261_124;
  const session = sessionToken(key, about, 'nurse-1', now);
  fc.assert(
    fc.property(fc.nat(session.length - 1), fc.string({ minLength: 0, maxLength: 2 }), (at, put) => {
      const changed = `${session.slice(0, at)}${put}${session.slice(at + 1)}`;
      fc.pre(changed !== session);
      expect(sessionOwner(key, about, changed, now)).toBeUndefined();
    }),
    { seed, numRuns: 2000 },
  );
});
