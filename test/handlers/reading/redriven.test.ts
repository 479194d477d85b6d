/** The envelope of a record that is put into the stream again. */
import { expect, test } from 'vitest';
import { archiveRecord } from '../../../handlers/reading/archive-batch.ts';
import { parseRecord, type Readable } from '../../../handlers/reading/parse-record.ts';
import { asRedriven } from '../../../handlers/reading/redriven.ts';
import { aggregated } from './aggregated.ts';
import { bytesOf, hospital, onTheWire, origin } from './builders.ts';

const firstArrivedAt = '2026-11-17T10:00:00.000Z';
const legacy = { id: 'bp-1', systolic: 185, diastolic: 96 };
const timed = onTheWire({ measuredAt: '2026-11-17T09:59:30Z' });
const parse = (bytes: Uint8Array) => parseRecord(bytes, origin, hospital);
const readings = (bytes: Uint8Array) => (parse(bytes) as Readable[]).map(({ reading }) => reading);

test.each([
  ['one that says its time', bytesOf(timed)],
  ['one that says none', bytesOf(legacy)],
  ['several', bytesOf([legacy, timed])],
  ['aggregated', aggregated(bytesOf(legacy), bytesOf(timed))],
])('%s is read as it first came, and is questionable', (_what, bytes) => {
  const items = parseRecord(bytes, { ...origin, arrivedAt: firstArrivedAt }, hospital) as Readable[];
  const first = items.map(({ reading }) => ({
    ...reading,
    arrivedAt: origin.arrivedAt,
    measurementId: expect.stringMatching(/^bp-1@/),
    quality: 'questionable',
    assumed: ['redriven'],
  }));
  expect(readings(asRedriven(bytes, firstArrivedAt))).toEqual(first);
});

test.each([
  '',
  'vigil-redriven\n',
  '2026-11-17T10:00:00.000Z\n',
  'vigil-redriven 2026-13-40T99:00:00.000Z\n',
  // Anybody may write such a line: it says nothing that cannot be.
  'vigil-redriven 2036-11-17T10:00:00.000Z\n',
  'vigil-redriven 1970-01-01T00:00:00.000Z\n',
])('%j is no envelope: what follows came now', (text) => {
  const items = parse(Buffer.concat([Buffer.from(text), bytesOf(timed)]));
  const found = items.flatMap((item) => ('reading' in item ? [item.reading] : []));
  expect(found).toMatchObject([{ systolicMmHg: 124, assumed: [], quality: 'measured' }]);
});

test('the elements of a list that cannot be read are kept with the envelope, each by itself', () => {
  const items = parse(asRedriven(bytesOf([legacy, { id: 'bp-1' }, 'neither']), firstArrivedAt));
  const kept = items.flatMap((item) => ('bytes' in item ? [Buffer.from(item.bytes).toString()] : []));
  expect(kept).toEqual(['{"id":"bp-1"}', '"neither"'].map((it) => `vigil-redriven ${firstArrivedAt}\n${it}`));
});

test('the archive says that it was re-driven, and when it was measured', () => {
  const { shardId, sequenceNumber, arrivedAt } = origin;
  const kinesisRecordMetadata = {
    shardId,
    sequenceNumber,
    approximateArrivalTimestamp: Date.parse(arrivedAt),
  };
  const data = Buffer.from(asRedriven(bytesOf(legacy), firstArrivedAt)).toString('base64');
  const archived = archiveRecord({ recordId: '1', data, kinesisRecordMetadata }, hospital);
  expect(JSON.parse(Buffer.from(archived.data, 'base64').toString())).toMatchObject({
    assumed: 'redriven',
    measured_at: '2026-11-17 10:00:00.000',
    arrived_at: '2026-11-24 10:00:05.250',
    late: true,
  });
});
