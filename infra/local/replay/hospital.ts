/** The world of a replay: a ward for every 30 patients, each with three nurses, a doctor and a lead, and no shift change. */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { RecordedReading } from './recorded-readings.ts';

const patientsPerWard = 30;
/** Those of handlers/clinical/policies.ts: what a replay can judge everyone by. */
export const policyNames = ['adult', 'obstetric', 'child', 'seed'];

/** Wards by first appearance of the patients; one policy for everyone, whatever the age. */
export function replayHospital(readings: readonly RecordedReading[], policy: string): Hospital {
  const patients = [...new Set(readings.map((reading) => reading.recordId))];
  const wardIds = Array.from(
    { length: Math.ceil(patients.length / patientsPerWard) },
    (_, index) => `ward-${String(index + 1).padStart(3, '0')}`,
  );
  const staff = (ward: string) =>
    (['nurse-1', 'nurse-2', 'nurse-3', 'doctor', 'lead'] as const).map((post, index) => ({
      id: `${ward}-${post}`,
      name: `${post} of ${ward}`,
      role: post.replace(/-\d$/, '') as 'nurse' | 'doctor' | 'lead',
      wards: [ward],
      email: `${post}@${ward}.example.org`,
      // Of the first thousand wards none is one that a roster refuses.
      pin: String(466_622 + (Number(ward.slice(-3)) * 5 + index) * 11),
    }));
  return {
    name: 'Replay',
    zone: 'UTC',
    fallbackWard: wardIds[0] as string,
    wards: wardIds.map((id) => ({
      id,
      name: id,
      policies: { adult: policy, obstetric: policy, child: policy },
    })),
    clinicians: wardIds.flatMap(staff),
    rotations: wardIds.flatMap((ward) =>
      (['nurse', 'doctor', 'lead'] as const).map((role) => ({
        ward,
        role,
        shiftStarts: ['00:00'],
        startsOn: '2020-01-01',
        order: [`${ward}-${role === 'nurse' ? 'nurse-1' : role}`],
      })),
    ),
    devices: patients.map((patient, index) => ({
      id: `bp-${patient}`,
      ward: wardIds[Math.floor(index / patientsPerWard)] as string,
      bed: String((index % patientsPerWard) + 1),
      patientId: patient,
    })),
  };
}
