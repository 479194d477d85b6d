/** An alert, a claim and vitals to begin a story with: say only what matters. */
import type { Alert, Claim } from '../../../handlers/alert/alert.ts';
import type { Person } from '../../../handlers/alert/look.ts';
import type { RecentReading } from '../../../handlers/reading/vitals.ts';

export const START = '2026-11-24T03:00:00.000Z';

/** An instant so many seconds (or minutes) after the story's start. */
export const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
export const minute = (minutes: number) => at(minutes * 60);

export const nurse: Person = { id: 'nurse-1', role: 'nurse' };
export const doctor: Person = { id: 'doctor-1', role: 'doctor' };
export const lead: Person = { id: 'lead-1', role: 'lead' };

export function aClaim(changes: Partial<Claim> = {}): Claim {
  const claim: Claim = {
    pk: 'READING#3f9a0c21b7de4455aa',
    kind: 'claim',
    readingId: '3f9a0c21b7de4455aa',
    alertKey: 'PATIENT#p-7',
    patientId: 'p-7',
    status: 'unfulfilled',
    executionName: 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de',
    attempt: 0,
    level: 'critical',
    ward: 'ward-001',
    bed: '4',
    device: 'bp-1',
    deviceRegistered: true,
    policy: 'adult',
    policyVersion: '1',
    limits: {},
    systolicMmHg: 190,
    diastolicMmHg: 100,
    measuredAt: at(-2),
    arrivedAt: at(-1),
    placedAt: at(-2),
    dueOn: 'claim',
    dueAt: minute(1),
    expiresAt: 1_800_000_000,
    ...changes,
  };
  const { measuredAt, arrivedAt } = claim;
  return { ...claim, placedAt: measuredAt < arrivedAt ? measuredAt : arrivedAt, ...changes };
}

/** On its first rung, nobody asked yet, carried by the execution `exec-1`. */
export function anAlert(changes: Partial<Alert> = {}): Alert {
  return {
    pk: 'PATIENT#p-7',
    kind: 'alert',
    alertId: '3f9a0c21b7de4455',
    reference: '7F3K9Q',
    status: 'open',
    executionName: 'exec-1',
    seq: 1,
    attempt: 0,
    patientId: 'p-7',
    ward: 'ward-001',
    bed: '4',
    device: 'bp-1',
    deviceRegistered: true,
    placedAt: at(-2),
    told: [],
    policy: 'adult',
    arrivedAt: at(-1),
    openedAt: START,
    round: 1,
    rung: 'nurse',
    pass: 0,
    asking: 'page',
    ownerId: null,
    ownerRole: null,
    ownerRound: 0,
    acceptedAt: null,
    attendedAt: null,
    declined: [],
    unreachable: [],
    worst: 'critical',
    alarmedAt: at(-2),
    announced: null,
    asked: [],
    mailed: [],
    turns: {},
    resting: false,
    pages: {},
    token: null,
    deadline: minute(2),
    dueOn: 'alert',
    dueAt: minute(1),
    closedAt: null,
    closedBecause: null,
    events: [],
    ...changes,
  };
}

/** The nurse was mailed and is waited for, until two minutes after the start. */
export function aPagedAlert(changes: Partial<Alert> = {}): Alert {
  return anAlert({
    seq: 2,
    announced: 'critical',
    told: [{ ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true }],
    asked: [nurse.id],
    pages: { [nurse.id]: 'page-nurse' },
    token: 'token-1',
    dueAt: minute(3),
    ...changes,
  });
}

/** The nurse accepted one minute after the start; the recheck is due 15 minutes later. */
export function anOwnedAlert(changes: Partial<Alert> = {}): Alert {
  return aPagedAlert({
    seq: 3,
    ownerId: nurse.id,
    ownerRole: 'nurse',
    ownerRound: 1,
    acceptedAt: minute(1),
    attendedAt: minute(1),
    deadline: minute(16),
    dueAt: minute(2),
    ...changes,
  });
}

/** A trusted reading, measured so many minutes after the start and arrived a second later. */
export function aReadingAt(minutes: number, severity: RecentReading['severity'] = 'normal'): RecentReading {
  return {
    readingId: `reading-${minutes}`,
    measuredAt: minute(minutes),
    arrivedAt: at(minutes * 60 + 1),
    severity,
    systolicMmHg: 120,
    diastolicMmHg: 80,
  };
}

/** What a rule changed; fails the test when it refused. */
export function changed<Refusal extends string>(outcome: { changed: Alert } | { refused: Refusal }): Alert {
  if ('refused' in outcome) throw new Error(`The rule refused: ${outcome.refused}`);
  return outcome.changed;
}

/** Why a rule refused; undefined when it did not. */
export function refused<Refusal extends string>(
  outcome: { changed: Alert } | { refused: Refusal },
): Refusal | undefined {
  return 'refused' in outcome ? outcome.refused : undefined;
}
