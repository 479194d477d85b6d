/** What the escalation's functions find around them: their settings, a roster with one of each role, and an hour. */
import { vi } from 'vitest';
import type { Clinician, Roster } from '../../../handlers/on-call/roster.ts';
import type { LocalAws } from '../../local-aws.ts';
import { doctor, lead, nurse } from './builders.ts';

export const topicOf = (clinicianId: string) =>
  `arn:aws:sns:eu-west-2:111122223333:vigil-clinician-${clinicianId}`;
export const OPERATIONS = 'arn:aws:sns:eu-west-2:111122223333:vigil-operations';

const people = [nurse, { id: 'nurse-2', role: 'nurse' }, doctor, lead];

const clinicians = people.map(
  ({ id, role }) =>
    ({
      id,
      name: `Name of ${id}`,
      role,
      wards: ['ward-001'],
      email: `${id}@example.org`,
      pinHash: { algorithm: 'scrypt', cost: 2, blockSize: 1, parallelization: 1, salt: 'AAAA', hash: 'AAAA' },
    }) as Clinician,
);

const onCall = (role: 'nurse' | 'doctor' | 'lead', id: string) => ({
  ward: 'ward-001',
  role,
  shiftStarts: ['07:00'],
  startsOn: '2026-01-05',
  order: [id],
});

/** nurse-1, doctor-1 and lead-1 are on call; nurse-2 is at home. */
export function aRoster(changes: Partial<Roster> = {}): Roster {
  return {
    name: 'A hospital',
    zone: 'Europe/London',
    fallbackWard: 'ward-001',
    wards: [{ id: 'ward-001', name: 'Ward 1' }],
    clinicians,
    rotations: [onCall('nurse', nurse.id), onCall('doctor', doctor.id), onCall('lead', lead.id)],
    devices: [],
    ...changes,
  };
}

/** Everybody's subscription is confirmed, and it is `now`. */
export function settle(aws: LocalAws, now: string, roster: Roster = aRoster()): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now) });
  vi.stubEnv('CLINICIAN_TOPIC_ARN_PREFIX', topicOf(''));
  vi.stubEnv('OPERATIONS_TOPIC_ARN', OPERATIONS);
  vi.stubEnv('OPERATIONS_EMAIL', 'operations@example.org');
  vi.stubEnv('WEBHOOK_SECRET_ARN', '');
  vi.stubEnv('WEBHOOK_FORMAT', 'vigil');
  vi.stubEnv('STAGE', 'test');
  vi.stubEnv('ANSWER_URL', 'https://answers.example');
  vi.stubEnv('EVENTS_DELIVERY_STREAM', 'vigil-events');
  aws.roster = roster;
  aws.subscribe(OPERATIONS, 'operations@example.org');
  for (const { id } of people) aws.subscribe(topicOf(id), `${id}@example.org`);
}

export function restore(): void {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
}
