/** The fast road takes nothing that the careful road reads otherwise. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from '../../../handlers/reading/pieces.ts';
import { plainlyRead } from '../../../handlers/reading/plain-record.ts';

const readWith = { key: new TextEncoder().encode('a key'), zone: 'Europe/London' };
const carefully = (text: string) => piecesOf(Buffer.from(text), readWith);

const usual = {
  deviceId: 'bp-17',
  patientId: 'p-4711',
  measuredAt: '2026-03-02T10:15:00.000Z',
  systolic: 205,
  diastolic: 124,
};

const missing = {
  ward: null,
  bed: null,
  meanArterial: null,
  pulse: null,
  ageYears: null,
  cohort: null,
  quality: null,
};

/** What may stand under any name: usual values, and what looks like them. */
const values = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.double({ min: 0, max: 300, noNaN: true }).map((value) => value.toFixed(2)),
  fc.constantFrom(
    ...['0', '-1', '007', '1e2', '255', '254.5', '999', '65535', '9007199254740993', '.5', '5.', '+5'],
    ...['null', 'true', 'NaN', '[120]', '{"value":120}', '"120"', '"120/80"', '"120over80"', '"12OVER8"'],
    ...[
      '"unknown"',
      '"0"',
      '"-7"',
      '"p-0"',
      '"x1"',
      '"Patient/7"',
      '"#7"',
      '"a\\u0031"',
      '"é1"',
      '""',
      '" 7"',
    ],
    ...['"ward-001"', '"Ward 1"', '"4"', '"systolic"', '"mmHg"', '"kPa"', '"adult"', '"Adult"', '"child"'],
    ...['"measured"', '"questionable"', '"invalid"', '"test"', '"2026-03-02"', '"2026-03-02T00:00:00Z"'],
    ...['"2026-03-02T10:15:00Z"', '"2026-03-02T10:15:00+01:00"', '"2026-03-02T00:30:00-00:30"'],
    ...['"2026-02-30T10:15:00Z"', '"2026-02-29T10:15:00+05:30"', '"2026-03-02T24:00:00Z"', '"1772446500"'],
    ...[
      '"2026-03-01T23:59:60Z"',
      '"0099-03-02T10:15:00Z"',
      '"2026-03-02T10:15:00.1234Z"',
      '"2026-3-2T10:15Z"',
    ],
    ...['"2026-03-02T10:15:00.5-13:59"', '"2026-03-02T10:15:00"', '"2026-03-02T10:15:00+14:00"'],
    ...['"2026-03-02T00:00:00.000Z"', '"2026-03-02T00:00:00.5Z"', '"2026-03-02T23:59:59.999Z"'],
    ...['"2026-03-02T05:30:00+05:30"', '"2026-03-02T00:00:00-02:00"'],
  ),
  fc.uuid().map((id) => `"${id}"`),
  fc.uuid().map((id) => `"e0${id.slice(2)}"`),
  fc
    .string({ minLength: 20, maxLength: 36, unit: fc.constantFrom(...'0123456789abcdefXYZ+-_') })
    .map((id) => `"${id}"`),
  fc
    .constantFrom('{"sys":1,"dia":20}', '["a"]')
    .map((json) => `"${Buffer.from(json).toString('base64').replaceAll('=', '')}"`),
);
const names = fc.constantFrom(
  ...['deviceId', 'patientId', 'measuredAt', 'systolic', 'diastolic', 'ward', 'bed', 'meanArterial'],
  ...['pulse', 'ageYears', 'cohort', 'quality', 'id', 'unit', 'device', 'sbp', 'time', 'note', 'bp', 'map'],
);
const numbers = values.filter((value) => /^[\d.]+$/.test(value));
const nulls = fc.constant('null');
const texts = values.filter((value) => value.startsWith('"'));
const fields = fc.oneof(
  fc.tuple(names, values),
  fc.tuple(
    fc.constantFrom('systolic', 'diastolic', 'meanArterial', 'pulse', 'ageYears'),
    fc.oneof(numbers, nulls),
  ),
  fc.tuple(fc.constantFrom('deviceId', 'patientId', 'ward', 'bed'), texts),
  fc.tuple(
    fc.constant('measuredAt'),
    texts.filter((text) => text.includes('T')),
  ),
);
const spaces = fc.constantFrom('', ' ', '', ' ', '', ' ', '  ', '\n');

const records = fc
  .record({
    changed: fc.array(fields, { maxLength: 3 }),
    left: fc.option(names, { freq: 8 }),
    order: fc.nat(11),
    between: spaces,
    after: spaces,
    end: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('\n', ' ', ',', '{}', '}')),
  })
  .map(({ changed, left, order, between, after, end }) => {
    const fields = Object.entries(usual)
      .filter(([name]) => name !== left)
      .map(([name, value]) => [name, JSON.stringify(value)]);
    // A name that is there already stands twice, or takes the place of the usual one.
    for (const [index, [name, value]] of changed.entries()) {
      const at = fields.findIndex(([usualName]) => usualName === name);
      if (at >= 0 && index < 2) fields[at] = [name, value];
      else fields.splice(order % (fields.length + 1), 0, [name, value]);
    }
    const text = fields.map(([name, value]) => `"${name}":${after}${value}`).join(`,${between}`);
    return `{${text}}${end}`;
  });

test('what it takes is what the careful road reads, and it takes what devices usually send', () => {
  const seed = 20261126;
  let taken = 0;
  const runs = 20_000;
  fc.assert(
    fc.property(records, (text) => {
      const plain = plainlyRead(Buffer.from(text));
      if (!plain) return;
      taken++;
      const [piece, ...others] = carefully(text);
      expect(others).toEqual([]);
      expect(piece).toMatchObject({ isLossy: false, subsequence: 0, within: 0 });
      expect(plain).toEqual(piece?.shaped);
    }),
    { seed, numRuns: runs },
  );
  console.log(`the fast road took ${taken} of ${runs} records (seed ${seed})`);
  expect(taken).toBeGreaterThan(runs / 10);
});

test.each([
  ['written without spaces', JSON.stringify(usual)],
  [
    'written by python',
    JSON.stringify(usual).replaceAll(':', ': ').replaceAll(',', ', ').replace('10: 15: 00', '10:15:00'),
  ],
  [
    'with everything',
    JSON.stringify({
      ...usual,
      ward: 'ward-001',
      bed: '4',
      meanArterial: 151.5,
      pulse: 90,
      ageYears: 0.5,
      cohort: 'child',
      quality: 'measured',
    }),
  ],
  [
    'of a patient with a UUID',
    JSON.stringify({ ...usual, patientId: '0b9c1f0e-5b1e-4d2c-9a43-7f2d0c6a1e55' }),
  ],
  ['in another order', JSON.stringify(Object.fromEntries(Object.entries(usual).reverse()))],
  ['of a pressure alone', JSON.stringify({ ...usual, diastolic: null })],
  ['that says of everything else that it is missing', JSON.stringify({ ...usual, ...missing })],
  ['of midnight', JSON.stringify({ ...usual, measuredAt: '2026-03-02T00:00:00.000Z' })],
  [
    'of midnight where it was measured',
    JSON.stringify({ ...usual, measuredAt: '2026-03-02T00:00:00-02:00' }),
  ],
  ['of midnight elsewhere', JSON.stringify({ ...usual, measuredAt: '2026-03-02T05:30:00+05:30' })],
  ['of a moment after midnight', JSON.stringify({ ...usual, measuredAt: '2026-03-02T00:00:00.001Z' })],
  ['of another offset', JSON.stringify({ ...usual, measuredAt: '2026-02-28T23:15:00+05:30' })],
])('it takes a record %s', (_what, text) => {
  expect(plainlyRead(Buffer.from(text))).toEqual(carefully(text)[0]?.shaped);
});

test.each([
  ['a field twice', JSON.stringify(usual).replace('{', '{"systolic":118,')],
  [
    'a field twice, one after the other',
    JSON.stringify(usual).replace('"systolic"', '"systolic":118,"systolic"'),
  ],
  ['an unknown field', JSON.stringify({ ...usual, note: 'n1' })],
  ['a long number for an id', JSON.stringify(usual).replace('"p-4711"', '9007199254740993')],
  ['a placeholder for a patient', JSON.stringify({ ...usual, patientId: 'unknown' })],
  ['a pressure in an id', JSON.stringify({ ...usual, deviceId: '205over124' })],
  ['a day that no calendar has', JSON.stringify({ ...usual, measuredAt: '2026-02-30T10:15:00Z' })],
  ['both pressures missing', JSON.stringify({ ...usual, systolic: null, diastolic: null })],
  ['two objects', JSON.stringify(usual).repeat(2)],
])('it leaves %s to the careful road', (_what, text) => {
  expect(plainlyRead(Buffer.from(text))).toBeUndefined();
});
