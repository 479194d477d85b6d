import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pseudonymOf, readingIdOf } from '../../../handlers/reading/identity.ts';
import { type Origin, parseRecord } from '../../../handlers/reading/parse-record.ts';
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

const another = { ...hospital, identityKey: Buffer.from('the key of another stage') };

test('another key is another id, and another pseudonym', () => {
  for (const said of [onTheWire(), { id: 'bp-1', systolic: 124, diastolic: 78 }]) {
    const [item] = parseRecord(bytesOf(said), origin, another);
    expect(item && 'reading' in item && item.reading.readingId).not.toBe(idsOf(said)[0]);
  }
  expect(pseudonymOf('MRN-4711', another.identityKey)).not.toBe(
    pseudonymOf('MRN-4711', hospital.identityKey),
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
  const legacy = { source: 'legacy', deviceId: 'a' } as Parameters<typeof readingIdOf>[0];
  expect(pseudonymOf('a', key)).not.toContain(readingIdOf(legacy, '1', 0, key));
});
