import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantWriter } from '../../../handlers/reading/instant-writer.ts';

test('instants are written as Date writes them, in any order', () => {
  const start = Date.parse('2026-11-24T10:00:00Z');
  const ofTwoHours = fc.integer({ min: start, max: start + 7_200_000 });
  const any = fc.date({ noInvalidDate: true }).map(Number);
  fc.assert(
    fc.property(fc.array(fc.oneof(ofTwoHours, any), { maxLength: 50 }), (instants) => {
      expect(instants.map(instantWriter())).toEqual(instants.map((ms) => new Date(ms).toISOString()));
    }),
    { seed: 20261126 },
  );
});

test('no number is no instant', () => {
  expect(() => instantWriter()(Number.NaN)).toThrow(RangeError);
});
