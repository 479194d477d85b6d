import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Address, PhoneNumber } from '../../../handlers/on-call/address.ts';

test.each([
  ["o'brien&co+nights@example.org", "o'brien&co+nights@example.org"],
  [' amara.whitlock@Example.ORG\n', 'amara.whitlock@Example.ORG'],
  ['{a}#b!$%*/=?^_`|~-@example.org', '{a}#b!$%*/=?^_`|~-@example.org'],
  ['mueller@klinik-köln.example', 'mueller@xn--klinik-kln-lcb.example'],
  ['müller@KLINIK-KÖLN.example', 'müller@xn--klinik-kln-lcb.example'],
  ['nurse@病院.みんな', 'nurse@xn--0rys90e.xn--q9jyb4c'],
  ['nurse@xn--klinik-kln-lcb.example', 'nurse@xn--klinik-kln-lcb.example'],
])('%s is mailed as %s', (written, mailed) => {
  expect(Address.parse(written)).toBe(mailed);
});

test.each([
  ['nowhere', 'it has no @'],
  ['"amara whitlock"@example.org', 'a name in quotation marks'],
  ['amara whitlock@example.org', 'before the @'],
  ['Amara <amara@example.org>', 'before the @'],
  ['amara..whitlock@example.org', 'before the @'],
  ['.amara@example.org', 'before the @'],
  ['@example.org', 'before the @'],
  ['a@b@example.org', 'before the @'],
  ['amara@', 'domain'],
  ['amara@ward', 'domain'],
  ['amara@10.0.0.1', 'domain'],
  ['amara@[10.0.0.1]', 'domain'],
  ['amara@example.org:25', 'domain'],
  ['amara@example.org/x', 'domain'],
  ['amara@exa mple.org', 'domain'],
  ['amara@-example.org', 'domain'],
])('%s is no address', (written, why) => {
  expect(Address.safeParse(written).error?.issues[0]?.message).toContain(why);
});

test('whatever was an address before still is, as it was written: a published roster goes on paging', () => {
  fc.assert(
    fc.property(fc.emailAddress({ size: 'medium' }), (email) => {
      if (z.email().safeParse(email).success) expect(Address.parse(email)).toBe(email);
    }),
    { seed: 20_260_303, numRuns: 2000 },
  );
});

test.each([
  ['+447700900123', true],
  ['+3725551234', true],
  ['07700900123', false],
  ['+44 7700 900123', false],
  ['+0447700900123', false],
  ['+4477009001234567', false],
  ['00447700900123', false],
])('the telephone number %s', (text, isOne) => {
  const { error } = PhoneNumber.safeParse(text);
  expect(error?.issues[0]?.message).toBe(
    isOne ? undefined : "not a telephone number with + and the country's code, such as +447700900123",
  );
});
