import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Origin, pseudonymOf } from '../../../handlers/reading/identity.ts';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, onTheWire, origin } from './builders.ts';

function idsOf(content: unknown, from: Partial<Origin> = {}): string[] {
  return parseRecord(bytesOf(content), { ...origin, ...from }, hospital).map((item) =>
    'reading' in item ? item.reading.readingId : item.reason,
  );
}

const sentAgain = {
  shardId: 'shardId-000000000009',
  sequenceNumber: '7',
  arrivedAt: '2026-11-24T10:20:00.000Z',
};

test('a measurement keeps its identity however it is delivered', () => {
  fc.assert(
    fc.property(
      fc.record({
        deviceId: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
        systolic: fc.double({ noNaN: true, noDefaultInfinity: true }),
        diastolic: fc.option(fc.integer()),
      }),
      (said) => {
        const sent = onTheWire(said);
        const [id] = idsOf(sent);
        expect(idsOf(sent, sentAgain)).toEqual([id]);
        expect(idsOf([onTheWire(), sent])[1]).toBe(id);
        // What describes it does not make it another measurement.
        expect(idsOf({ ...sent, ward: 'ward-002', bed: '9', ageYears: 3 })).toEqual([id]);
      },
    ),
    { seed: 3 },
  );
});

test.each([
  { deviceId: 'bp-2' },
  { patientId: 'patient-2' },
  { measuredAt: '2026-11-24T10:00:00.001Z' },
  { systolic: 125 },
  { diastolic: 79 },
  { meanArterial: 93 },
  { pulse: 70 },
])('%j is another measurement', (said) => {
  expect(idsOf(onTheWire(said))).not.toEqual(idsOf(onTheWire()));
});

test('a legacy reading is known by where it stands in the stream', () => {
  const legacy = { id: 'bp-1', systolic: 124, diastolic: 78 };
  expect(idsOf(legacy)).toEqual(idsOf(legacy, { arrivedAt: sentAgain.arrivedAt }));
  expect(idsOf(legacy)).not.toEqual(idsOf(legacy, { sequenceNumber: '7' }));
  const [first, second] = idsOf([legacy, legacy]);
  expect(first).not.toBe(second);
  expect(idsOf(legacy)).toEqual([first]);
});

/** A clock that stands still, or begins anew each time, states one time for every measurement. */
describe('a time that cannot be true tells no two measurements apart', () => {
  const later = { sequenceNumber: '9', arrivedAt: '2026-11-24T18:00:00.000Z' };

  test.each([
    ['a clock that fell back', '2000-01-01T00:04:00Z'],
    ['more than a day back', '2026-11-23T10:00:05.249Z'],
    ['a clock that runs ahead', '2026-11-25T00:00:01Z'],
    ['five minutes ahead', '2026-11-24T10:05:05.251Z'],
    ['a day without a time', '2026-11-24T00:00:00Z'],
    ['a day of another zone without a time', '2026-11-24T00:00+01:00'],
    ['a day without a time, as another zone tells it', '2026-11-24T01:00:00+01:00'],
  ])('%s: where it stands in the stream does', (_why, measuredAt) => {
    const said = onTheWire({ measuredAt, systolic: 62, diastolic: 40 });
    expect(idsOf(said)).not.toEqual(idsOf(said, { sequenceNumber: '9' }));
    // Delivered again, it is the same.
    expect(idsOf(said)).toEqual(idsOf(said));
    const [first, second] = idsOf([said, said]);
    expect(first).not.toBe(second);
    expect(idsOf(said)).toEqual([first]);
    expect(idsOf({ ...said, systolic: 63 })).not.toEqual([first]);
    expect(idsOf({ ...said, patientId: 'patient-2' })).not.toEqual([first]);
  });

  test.each([
    ['a day back', '2026-11-23T10:00:05.250Z', {}],
    ['five minutes ahead', '2026-11-24T10:05:05.250Z', {}],
    ['an hour back', '2026-11-24T09:00:00Z', {}],
    ['at midnight', '2026-11-25T00:00:00Z', { arrivedAt: '2026-11-25T00:05:00.000Z' }],
  ])('%s may be true: the time does', (_why, measuredAt, from) => {
    const said = onTheWire({ measuredAt });
    expect(idsOf(said, from)).toEqual(idsOf(said, { sequenceNumber: '9', ...from }));
  });

  test('five minutes after midnight a midnight is doubted', () => {
    const said = onTheWire({ measuredAt: '2026-11-25T00:00:00Z' });
    const arrivedAt = '2026-11-25T00:05:00.001Z';
    expect(idsOf(said, { arrivedAt })).not.toEqual(idsOf(said, { arrivedAt, sequenceNumber: '9' }));
  });

  test('two emergencies of a clock that stands still are two', () => {
    const said = onTheWire({ measuredAt: '2026-11-23T00:00:00Z', systolic: 62, diastolic: 40 });
    expect(idsOf(said)).not.toEqual(idsOf(said, later));
  });
});

const another = { ...hospital, identityKey: Buffer.from('the key of another stage') };

test('another key is another id, and another pseudonym', () => {
  for (const said of [onTheWire(), { id: 'bp-1', systolic: 124, diastolic: 78 }]) {
    const [item] = parseRecord(bytesOf(said), origin, another);
    expect(item && 'reading' in item && item.reading.readingId).not.toBe(idsOf(said)[0]);
  }
  expect(pseudonymOf(['', 'MRN-4711'], another.identityKey)).not.toBe(
    pseudonymOf(['', 'MRN-4711'], hospital.identityKey),
  );
});

test('who knows all but the pressures and the key does not find them by trying them all', () => {
  const [id] = idsOf(onTheWire({ systolic: 185, diastolic: 96 }));
  const measuredAt = '2026-11-24T10:00:00.000Z';
  for (let systolic = 40; systolic <= 300; systolic++)
    for (let diastolic = 20; diastolic <= 200; diastolic++) {
      const said = JSON.stringify(['bp-1', 'patient-1', measuredAt, systolic, diastolic, null, null]);
      if (
        createHash('sha256')
          .update(said)
          .digest('hex')
          .startsWith(id as string)
      )
        throw new Error(said);
    }
});

test('a reading and a patient of the same text do not share a hash', () => {
  const key = hospital.identityKey;
  const [id] = idsOf({ id: 'a', systolic: 124, diastolic: 78 });
  expect(pseudonymOf(['a'], key)).not.toContain(id);
});

test('ids are the first half of SHA-512/256 over the key and the text, in hexadecimal digits', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef');
  for (const text of ['p-1', 'Ünïcödé \u{1f600}', 'x'.repeat(3000)]) {
    const hash = createHash('sha512-256').update(`${key.toString('hex')}["patient",${JSON.stringify(text)}]`);
    expect(pseudonymOf([text], key)).toBe(`id-${hash.digest('hex').slice(0, 32)}`);
  }
});
