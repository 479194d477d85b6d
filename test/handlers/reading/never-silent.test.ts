/** Whatever arrives is archived or refused, and no payload that holds two plausible pressures is silent. */
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archiveRecord } from '../../../handlers/reading/archive-batch.ts';
import { parseRecord, type Readable, type Unreadable } from '../../../handlers/reading/parse-record.ts';
import { aggregated } from './aggregated.ts';
import { anObservation, bytesOf, component, hospital, onTheWire, origin } from './builders.ts';

const seed = 11;

const parse = (bytes: Uint8Array): (Readable | Unreadable)[] => parseRecord(bytes, origin, hospital);

/** Two pressures that alarm, as a person would read them. */
const alarming = fc
  .record({
    systolic: fc.integer({ min: 181, max: 290 }),
    diastolic: fc.integer({ min: 45, max: 140 }),
  })
  .filter(({ systolic, diastolic }) => systolic - diastolic > 20);

const names = fc.constantFrom(
  ...[
    ['systolic', 'diastolic'],
    ['Systolic', 'Diastolic'],
    ['sys', 'dia'],
    ['sbp', 'dbp'],
    ['SBP', 'DBP'],
    ['systolicMmHg', 'diastolicMmHg'],
    ['nibp_sys', 'nibp_dia'],
    ['bloodPressureSystolic', 'bloodPressureDiastolic'],
    ['8480-6', '8462-4'],
    ['MDC_PRESS_BLD_NONINV_SYS', 'MDC_PRESS_BLD_NONINV_DIA'],
  ].map(([systolic, diastolic]) => [systolic as string, diastolic as string] as const),
);

const written = fc.constantFrom<(mmHg: number) => unknown>(
  (mmHg) => mmHg,
  (mmHg) => `${mmHg}`,
  (mmHg) => `${mmHg} mmHg`,
  (mmHg) => ({ value: mmHg, unit: 'mmHg' }),
  (mmHg) => ({ value: `${mmHg}`, code: 'mm[Hg]' }),
  (mmHg) => ({ value: mmHg / 7.50062, unit: 'kPa' }),
  (mmHg) => `${String(mmHg / 7.50062).replace('.', ',')} kPa`,
);

type Written = { systolic: unknown; diastolic: unknown; texts: readonly [string, string] };

/** A message that says them, in any of its shapes. */
const message = fc.constantFrom<(said: Written) => unknown>(
  ({ systolic, diastolic, texts: [high, low] }) => ({ ...bare, [high]: systolic, [low]: diastolic }),
  ({ systolic, diastolic, texts: [high, low] }) => ({ ...bare, bp: { [high]: systolic, [low]: diastolic } }),
  ({ systolic, diastolic, texts: [high, low] }) => ({
    ...bare,
    vitals: [
      { name: high, value: systolic },
      { name: low, value: diastolic },
    ],
  }),
  ({ systolic, diastolic, texts: [high, low] }) => ({
    ...bare,
    data: { nibp: { [high]: systolic, [low]: diastolic } },
  }),
);
const { systolic: _systolic, diastolic: _diastolic, ...bare } = onTheWire();

const envelope = fc.constantFrom<(content: unknown) => unknown>(
  (content) => content,
  (content) => [content],
  (content) => ({ state: { reported: content } }),
  (content) => ({ Type: 'Notification', MessageId: '7', Message: JSON.stringify(content) }),
  (content) => ({ version: '0', id: '7', 'detail-type': 'reading', detail: content }),
  (content) => ({ Records: [{ body: JSON.stringify(content) }] }),
  (content) => ({ anything: { at: ['all', content] } }),
  (content) => JSON.stringify(content),
  (content) => ({ data: Buffer.from(JSON.stringify(content)).toString('base64') }),
);

const packing = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
  (bytes) => bytes,
  gzipSync,
  deflateSync,
  (bytes) => aggregated(bytes),
  (bytes) => Buffer.from(Buffer.from(bytes).toString(), 'utf16le'),
  (bytes) => Buffer.from(`\ufeff${Buffer.from(bytes)}`),
  (bytes) => Buffer.from(Buffer.from(bytes).toString('base64')),
  (bytes) => Buffer.from(`{"other": "message"}\n${Buffer.from(bytes)}\n`),
);

test(`pressures that alarm are judged, whatever they are called and wrapped into (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      alarming,
      names,
      written,
      message,
      fc.array(envelope, { maxLength: 3 }),
      packing,
      (pressures, texts, write, messageOf, envelopes, pack) => {
        const { systolic, diastolic } = pressures;
        const said = messageOf({ systolic: write(systolic), diastolic: write(diastolic), texts });
        const items = parse(pack(bytesOf(envelopes.reduce((content, wrap) => wrap(content), said))));
        const readings = items.flatMap((item) => ('reading' in item ? [item] : []));
        expect(readings).toHaveLength(1);
        const [{ reading, judgement } = {} as Readable] = readings;
        expect(reading.systolicMmHg).toBeCloseTo(systolic, 2);
        expect(reading.diastolicMmHg).toBeCloseTo(diastolic, 2);
        expect(judgement.level).not.toBeNull();
        expect(reading.deviceId).toBe('bp-1');
      },
    ),
    { seed, numRuns: 3000 },
  );
});

test(`beside pressures that do not alarm they are no less heard (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      alarming,
      names.filter(([high]) => high !== 'systolic'),
      written,
      fc.constantFrom('bp', 'second', 'vitals', 'more'),
      fc.array(envelope, { maxLength: 2 }),
      ({ systolic, diastolic }, [high, low], write, field, envelopes) => {
        const pair = { [high]: write(systolic), [low]: write(diastolic) };
        const inside = envelopes.reduce<unknown>((content, wrap) => wrap(content), pair);
        for (const said of [onTheWire({ ...pair }), onTheWire({ [field]: inside })]) {
          const levels = parse(bytesOf(said)).map((item) => 'reading' in item && item.judgement.level);
          expect(levels.some((level) => level !== null && level !== false)).toBe(true);
        }
      },
    ),
    { seed, numRuns: 1000 },
  );
});

test(`under names of nobody they are refused, and heard (seed ${seed})`, () => {
  const unknown = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(
      alarming,
      unknown,
      unknown,
      envelope,
      packing,
      ({ systolic, diastolic }, high, low, wrap, pack) => {
        const items = parse(pack(bytesOf(wrap({ ...bare, [high]: systolic, [low]: diastolic }))));
        const isHeard = items.some((item) => !('reading' in item) || item.judgement.level !== null);
        expect(isHeard).toBe(true);
      },
    ),
    { seed, numRuns: 2000 },
  );
});

/** Parts of real messages in places where they do not belong, under every name that means something. */
const word = fc.constantFrom(
  ...[
    'deviceId',
    'patientId',
    'id',
    'measuredAt',
    'systolic',
    'diastolic',
    'bp',
    'mean',
    'ward',
    'subject',
    'code',
  ],
  ...[
    'device',
    'component',
    'coding',
    'reference',
    'identifier',
    'system',
    'value',
    'valueQuantity',
    'unit',
    'time',
  ],
  ...[
    'resourceType',
    'entry',
    'resource',
    'fullUrl',
    'contained',
    'hasMember',
    'effectivePeriod',
    'start',
    'status',
  ],
  ...[
    'modifierExtension',
    'comparator',
    'Message',
    'detail',
    'patient',
    'quality',
    'date',
    'toString',
    '__proto__',
  ],
);
const leaf = fc.oneof(
  fc.constantFrom(
    'Observation',
    'Bundle',
    'Patient',
    '85354-9',
    '8480-6',
    '8462-4',
    'mm[Hg]',
    'kPa',
    '<',
    '205/124',
  ),
  fc.constantFrom(
    '#pat',
    'Patient/p1',
    'Patient?identifier=a|b',
    'urn:uuid:1',
    '2026-11-24T10:00:00Z',
    '2026-11-24',
  ),
  fc.constantFrom(
    205,
    124,
    0,
    -1,
    255,
    2047,
    1e21,
    2 ** 53,
    1795514400,
    null,
    true,
    '',
    '10:00',
    '{"a":',
    '[1,{}]',
  ),
  fc.string(),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(word, tie('tree')), { maxLength: 8 }).map((entries) => Object.fromEntries(entries)),
    fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
  ),
}));
const observation = fc
  .tuple(fc.dictionary(word, tree, { maxKeys: 4 }), fc.integer({ min: -1, max: 300 }))
  .map(([said, value]) =>
    anObservation({ component: [component('8480-6', value), component('8462-4', 60)], ...said }),
  );
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string().map((text) => Buffer.from(text)),
  fc
    .tuple(fc.oneof(tree, observation, fc.dictionary(word, tree)), packing)
    .map(([content, pack]) => pack(bytesOf(content))),
  fc
    .tuple(observation, fc.nat(), fc.nat(255))
    .map(([content, at, byte]) => bytesOf(content).with(at % bytesOf(content).length, byte)),
);

test(`20,000 arbitrary payloads: each is archived or refused, by consumer and archive alike, and none throws (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const items = parse(bytes);
      expect(items.length).toBeGreaterThan(0);
      expect(new Set(items.map(({ index }) => index)).size).toBe(items.length);
      const rows = archived(bytes);
      const readings = items.flatMap((item) => ('reading' in item ? [item.reading.readingId] : []));
      expect(rows).toEqual(readings);
      for (const item of items) if (!('reading' in item)) expect(item.bytes.length).toBeGreaterThanOrEqual(0);
    }),
    { seed, numRuns: 20_000 },
  );
}, 600_000);

/** The ids of the rows that Firehose's processor makes of the record. */
function archived(bytes: Uint8Array): string[] {
  const { shardId, sequenceNumber, arrivedAt } = origin;
  const kinesisRecordMetadata = {
    shardId,
    sequenceNumber,
    approximateArrivalTimestamp: Date.parse(arrivedAt),
  };
  const data = Buffer.from(bytes).toString('base64');
  const { result, data: rows } = archiveRecord({ recordId: '1', data, kinesisRecordMetadata }, hospital);
  if (result !== 'Ok') return [];
  const lines = Buffer.from(rows, 'base64').toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line).reading_id);
}

test(`of several messages in one record each is told, in its place, the same each time it is delivered (seed ${seed})`, () => {
  const good = alarming.map(({ systolic, diastolic }) => ({
    text: JSON.stringify({ id: 'bp-1', systolic, diastolic }),
    isGood: true,
  }));
  const bad = fc
    .constantFrom('7', '{}', '"text"', '{"id": "bp-1"}', '[]')
    .map((text) => ({ text, isGood: false }));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(good, bad), { minLength: 1, maxLength: 15 }),
      fc.boolean(),
      (messages, isList) => {
        const texts = messages.map(({ text }) => text);
        const bytes = Buffer.from(isList ? `[${texts.join()}]` : texts.join('\n'));
        const items = parse(bytes);
        expect(items.map((item) => 'reading' in item)).toEqual(messages.map(({ isGood }) => isGood));
        expect(parse(bytes)).toEqual(items);
        const ids = items.flatMap((item) => ('reading' in item ? [item.reading.readingId] : []));
        expect(new Set(ids).size).toBe(ids.length);
      },
    ),
    { seed, numRuns: 500 },
  );
});
