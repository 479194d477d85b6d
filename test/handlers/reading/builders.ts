/** Readings, records and a small hospital, in which a test says only what matters to it. */
import { choosePolicy } from '../../../handlers/clinical/choose-policy.ts';
import { judge } from '../../../handlers/clinical/judge.ts';
import type { Reading } from '../../../handlers/clinical/reading.ts';
import type { Origin } from '../../../handlers/reading/identity.ts';
import type { JudgedReading } from '../../../handlers/reading/merge-vitals.ts';
import {
  parseRecord,
  type Readable,
  type Unreadable,
  type WardRegistry,
} from '../../../handlers/reading/parse-record.ts';

export const hospital: WardRegistry = {
  zone: 'Europe/Zurich',
  fallbackWard: 'ward-fallback',
  wards: [{ id: 'ward-001' }, { id: 'ward-maternity', policies: { adult: 'obstetric' } }],
  identityKey: Buffer.from('the key of a stage'),
  devices: [{ id: 'bp-1', ward: 'ward-001', bed: '4' }],
};

export const origin: Origin = {
  shardId: 'shardId-000000000000',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  arrivedAt: '2026-11-24T10:00:05.250Z',
};

export function aReading(said: Partial<Reading> = {}): Reading {
  return {
    readingId: '3f9a0c21b7de44d1a8e5f6071829aabb',
    measurementId: `${said.deviceId ?? 'bp-1'}@${said.measuredAt ?? '2026-11-24T10:00:00.000Z'}`,
    replaces: false,
    deviceId: 'bp-1',
    patientId: 'patient-1',
    bothNamed: true,
    patientKnown: true,
    ward: 'ward-001',
    bed: '4',
    deviceRegistered: true,
    placeKnown: true,
    cohort: 'adult',
    ageYears: 64,
    measuredAt: '2026-11-24T10:00:00.000Z',
    arrivedAt: '2026-11-24T10:00:05.250Z',
    systolicMmHg: 124,
    diastolicMmHg: 78,
    meanArterialMmHg: null,
    pulseBpm: null,
    quality: 'measured',
    assumed: [],
    source: 'vigil',
    ...said,
  };
}

export function judged(said: Partial<Reading> = {}): JudgedReading {
  const reading = aReading(said);
  return { reading, judgement: judge(reading, choosePolicy(reading, hospital)) };
}

/** What a Vigil device puts on the stream. */
export function onTheWire(said: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    deviceId: 'bp-1',
    patientId: 'patient-1',
    ward: 'ward-001',
    bed: '4',
    measuredAt: '2026-11-24T11:00:00+01:00',
    systolic: 124,
    diastolic: 78,
    ...said,
  };
}

export function bytesOf(content: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(content));
}

/** The first item of the record that a device sent. */
export const only = (content: unknown) =>
  parseRecord(bytesOf(content), origin, hospital)[0] as Readable | Unreadable;

export const quantity = (value: number) => ({ value, code: 'mm[Hg]' });
export const component = (code: string, value: number) => ({
  code: { coding: [{ code }] },
  valueQuantity: quantity(value),
});

/** A FHIR observation of 205/124. */
export function anObservation(said: Record<string, unknown> = {}) {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ code: '85354-9' }] },
    subject: { reference: 'Patient/p1' },
    device: { reference: 'Device/bp-1' },
    effectiveDateTime: '2026-11-24T10:00:00Z',
    component: [component('8480-6', 205), component('8462-4', 124)],
    ...said,
  };
}
