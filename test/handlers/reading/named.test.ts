/** Whether a message names its device and its patient for certain: what stands for the other is nobody in particular. */
import { expect, test } from 'vitest';
import { parseRecord, type Readable } from '../../../handlers/reading/parse-record.ts';
import { bytesOf, hospital, onTheWire, origin } from './builders.ts';

const bothNamedIn = (content: unknown) =>
  (parseRecord(bytesOf(content), origin, hospital) as Readable[]).map(({ reading }) => reading.bothNamed);
const pressure = (code: string, value: number) => ({
  code: { coding: [{ code }] },
  valueQuantity: { value, code: 'mm[Hg]' },
});
const anObservation = (said: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ code: '85354-9' }] },
  effectiveDateTime: '2026-11-24T10:00:00Z',
  component: [pressure('8480-6', 124), pressure('8462-4', 78)],
  ...said,
});
const subject = { reference: 'Patient/p-1' };
const device = { reference: 'Device/bp-1' };

test.each([
  [true, onTheWire()],
  [false, onTheWire({ patientId: undefined })],
  [false, onTheWire({ patientId: 'unknown' })],
  [false, onTheWire({ deviceId: 4711.5 })],
  [false, { id: 'bp-1', systolic: 124, diastolic: 78 }],
  [true, anObservation({ subject, device })],
  [false, anObservation({ subject: { reference: '#pat' }, device })],
  [false, anObservation({ subject })],
])('%s: %j', (named, content) => {
  expect(bothNamedIn(content)).toEqual([named]);
});
