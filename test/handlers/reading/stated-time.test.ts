/** Times as devices, programs and exports write them: a person knows when it was. */
import { expect, test } from 'vitest';
import { timeOf } from '../../../handlers/reading/stated-time.ts';

const zone = 'Europe/Zurich';
const ten = '2026-11-24T10:00:00.000Z';

test.each([
  '2026-11-24T10:00:00Z',
  '2026-11-24 10:00:00 UTC',
  '2026-11-24 10:00:00 GMT',
  '2026-11-24 10:00:00 +0000 UTC',
  '2026-11-24 11:00:00.5 +0100',
  'Tue Nov 24 2026 11:00:00 GMT+0100 (Central European Standard Time)',
  'Tue, 24 Nov 2026 10:00:00 GMT',
  '/Date(1795514400000)/',
  { $date: '2026-11-24T10:00:00Z' },
  { $date: 1_795_514_400_000 },
])('%j is an instant', (said) => {
  expect(timeOf(said, zone)).toMatchObject({
    at: expect.stringMatching(/^2026-11-24T10:00:00\.[05]00Z$/),
    isLocal: false,
  });
});

test.each([
  '24-Nov-2026 11:00',
  '24/11/2026 11:00',
  '11/24/2026 11:00:00',
  '24.11.2026 11:00',
  '2026/11/24 11:00',
])('%s is a time of the hospital’s clocks', (said) =>
  expect(timeOf(said, zone)).toMatchObject({ at: ten, isLocal: true }),
);

test.each(['10/11/2026 11:00', '24/13/2026 11:00', { from: ten, to: ten }, { a: { b: ten } }, 'tomorrow'])(
  '%j is none for certain',
  (said) => expect(timeOf(said, zone)).toBeNull(),
);
