/** A roster of one ward, to begin a story with: say only what matters. */
import { scryptSync } from 'node:crypto';
import type { Hospital, PinHash, Roster } from '../../../handlers/on-call/roster.ts';
import { pepperOf } from '../../../handlers/runtime/pin.ts';

/** Far below what is published, so that a story may try hundreds of PINs. */
const costs = { cost: 16, blockSize: 1, parallelization: 1 };
const nobodysPin: PinHash = { algorithm: 'scrypt', ...costs, salt: 'AAAA', hash: 'AAAA' };

/** As published under the stage's root key, each person's with a salt of its own. */
export function pinHashesOf(pins: Record<string, string>, rootKey: string): Record<string, PinHash> {
  return Object.fromEntries(
    Object.entries(pins).map(([id, pin]) => {
      const salt = Buffer.from(`salt of ${id}`);
      const hash = scryptSync(`${pin}${pepperOf(rootKey)}`, salt, 32, costs);
      return [
        id,
        { algorithm: 'scrypt', ...costs, salt: salt.toString('base64'), hash: hash.toString('base64') },
      ];
    }),
  );
}

const staff = [
  ['nurse-1', 'Amara Whitlock', 'nurse'],
  ['nurse-2', 'Tomasz Ferrow', 'nurse'],
  ['doctor-1', 'Dr Elias Brandreth', 'doctor'],
  ['lead-1', 'Maren Ashgrove', 'lead'],
  ['quality-1', 'Oren Maplethorpe', 'quality'],
] as const;

/** Two nurses take turns of twelve hours; a doctor and a lead are always on call. */
export function aHospital(changes: Partial<Hospital> = {}): Hospital {
  return {
    name: 'Test hospital',
    zone: 'Europe/London',
    fallbackWard: 'ward-001',
    wards: [{ id: 'ward-001', name: 'Heron Ward' }],
    clinicians: staff.map(([id, name, role], index) => ({
      id,
      name,
      role,
      wards: ['ward-001'],
      email: `${id}@example.org`,
      pin: `12345${index}`,
    })),
    rotations: [
      aRotation({ order: ['nurse-1', 'nurse-2'] }),
      aRotation({ role: 'doctor', order: ['doctor-1'] }),
      aRotation({ role: 'lead', order: ['lead-1'] }),
    ],
    devices: [{ id: 'bp-001', ward: 'ward-001', bed: '4', patientId: 'p-7' }],
    ...changes,
  };
}

export function aRotation(changes: Partial<Roster['rotations'][number]> = {}): Roster['rotations'][number] {
  return {
    ward: 'ward-001',
    role: 'nurse',
    shiftStarts: ['07:00', '19:00'],
    startsOn: '2026-01-05',
    order: ['nurse-1', 'nurse-2'],
    ...changes,
  };
}

/** As published; PINs match nothing unless `pinHashes` gives them. */
export function aRoster(changes: Partial<Roster> = {}, pinHashes: Record<string, PinHash> = {}): Roster {
  const { clinicians, ...hospital } = aHospital();
  return {
    ...hospital,
    clinicians: clinicians.map(({ pin: _pin, ...clinician }) => ({
      ...clinician,
      pinHash: pinHashes[clinician.id] ?? nobodysPin,
    })),
    ...changes,
  };
}
