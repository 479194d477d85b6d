/** An alert, a claim and vitals to begin a story with: say only what matters. */
import type {
  Alert,
  OpenStanding,
  OwnedAlert,
  Owner,
  Standing,
  Step,
} from '../../../handlers/alert/alert.ts';
import type { Claim, UnfulfilledClaim } from '../../../handlers/alert/claim.ts';
import { type AlertCommand, decide } from '../../../handlers/alert/decide.ts';
import type { Decision, Refusal } from '../../../handlers/alert/decision.ts';
import { recorded } from '../../../handlers/alert/event.ts';
import { evolve } from '../../../handlers/alert/evolve.ts';
import type { Responder } from '../../../handlers/alert/responders.ts';
import { type SetAside, setAside } from '../../../handlers/alert/set-aside.ts';
import type { AlarmingMeasurement } from '../../../handlers/alert/stands-on.ts';
import { noDanger } from '../../../handlers/clinical/danger.ts';
import type { RecentReading, Vitals } from '../../../handlers/reading/vitals.ts';

export const START = '2026-11-24T03:00:00.000Z';

/** An instant so many seconds (or minutes) after the story's start. */
export const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
export const minute = (minutes: number) => at(minutes * 60);

export const nurse: Responder = { id: 'nurse-1', role: 'nurse' };
export const doctor: Responder = { id: 'doctor-1', role: 'doctor' };
export const lead: Responder = { id: 'lead-1', role: 'lead' };

export const bed4 = { ward: 'ward-001', bed: '4', device: 'bp-1', deviceRegistered: true };

export function aClaim(changes: Partial<UnfulfilledClaim> = {}): UnfulfilledClaim {
  const claim: UnfulfilledClaim = {
    pk: 'READING#3f9a0c21b7de4455aa',
    kind: 'claim',
    readingId: '3f9a0c21b7de4455aa',
    measurementId: 'bp-1@3',
    alertKey: 'PATIENT#p-7',
    patientId: 'p-7',
    status: 'unfulfilled',
    executionName: 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de',
    raisedAgain: 0,
    level: 'critical',
    place: bed4,
    policy: 'adult',
    policyVersion: '1',
    limits: {},
    systolicMmHg: 190,
    diastolicMmHg: 100,
    measuredAt: at(-2),
    arrivedAt: at(-1),
    placedAt: at(-2),
    claimedAt: at(-1),
    dueOn: 'claim',
    dueAt: minute(1),
    expiresAt: 1_800_000_000,
    ...changes,
  };
  const { measuredAt, arrivedAt } = claim;
  return { ...claim, placedAt: measuredAt < arrivedAt ? measuredAt : arrivedAt, ...changes };
}

/** The same, a part of that alert: due no more. */
export function aFulfilledClaim(alertId: string, changes: Partial<UnfulfilledClaim> = {}): Claim {
  const { dueOn: _dueOn, dueAt: _dueAt, ...claim } = aClaim(changes);
  return { ...claim, status: 'fulfilled', alertId };
}

/** The same, overtaken by a newer trusted reading: on record, and raised no more. */
export function aSupersededClaim(changes: Partial<UnfulfilledClaim> = {}): Claim {
  const { dueOn: _dueOn, dueAt: _dueAt, ...claim } = aClaim(changes);
  return { ...claim, status: 'superseded' };
}

/** What a test says of an alert: of round, step, owner and wait only what matters. */
export type AlertChanges = Omit<Partial<Alert>, 'round' | 'step' | 'standing'> & {
  round?: Partial<Alert['round']>;
  step?: Partial<Step>;
  /** Of the present round, or of an earlier one, as the alert stands. */
  owner?: Partial<Owner>;
  standing?:
    | Partial<OpenStanding>
    | (Omit<Extract<Standing, { is: 'closed' }>, 'formerOwner' | 'dueAt'> & { dueAt?: string | null });
};

const anOwner = {
  clinicianId: nurse.id,
  role: 'nurse',
  round: 1,
  acceptedAt: minute(1),
  attendedAt: minute(1),
};

/** What an alert stands on: as bad as the alert. */
function aMeasurement(measurementId: string, { worst, announcedDanger }: AlertChanges): AlarmingMeasurement {
  return {
    measurementId,
    arrivedAt: at(-1),
    level: worst ?? 'critical',
    danger: announcedDanger ?? noDanger,
  };
}

/** On its first level, nobody asked yet, carried by the execution `exec-1`. */
export function anAlert({ round, step, owner, standing, ...changes }: AlertChanges = {}): Alert {
  return {
    pk: 'PATIENT#p-7',
    kind: 'alert',
    alertId: '3f9a0c21b7de4455',
    reference: '7F3K9Q',
    patientId: 'p-7',
    seq: 1,
    executionName: 'exec-1',
    raisedAgain: 0,
    place: bed4,
    placedAt: at(-2),
    told: [],
    policy: 'adult',
    arrivedAt: at(-1),
    openedAt: START,
    worst: 'critical',
    alarmedAt: at(-2),
    announced: null,
    standsOn: [aMeasurement('bp-1@3', changes)],
    withdrawal: null,
    alarmsAgain: false,
    announcedDanger: noDanger,
    events: [],
    called: { whom: [], notBefore: null },
    ...changes,
    round: { number: 1, asking: 'page', declined: [], pages: {}, handedTo: null, ...round },
    step: {
      id: 1,
      escalationLevel: 'nurse',
      attempt: 0,
      asked: [],
      mailed: [],
      turns: {},
      unreachable: [],
      ...step,
    },
    standing: standingOf(
      standingAs({ is: 'waiting', deadline: minute(2), dueAt: minute(1) }, standing),
      owner,
    ),
  };
}

type ChangedStanding = NonNullable<AlertChanges['standing']>;

/** What is closed waits for nothing. */
function standingAs(usual: Partial<OpenStanding>, changes: AlertChanges['standing']): ChangedStanding {
  return changes?.is === 'closed' ? changes : ({ ...usual, ...changes } as ChangedStanding);
}

function standingOf(changes: ChangedStanding, owner: Partial<Owner> | undefined): Standing {
  const has = owner && { ...anOwner, ...owner };
  const who = changes.is === 'owned' ? { owner: has ?? anOwner } : { formerOwner: has ?? null };
  return { ...(changes.is === 'closed' && { dueAt: null }), ...who, ...changes } as Standing;
}

/** The nurse was mailed and is waited for, until two minutes after the start. */
export function aPagedAlert({ round, step, standing, ...changes }: AlertChanges = {}): Alert {
  return anAlert({
    seq: 2,
    announced: 'critical',
    told: [bed4],
    ...changes,
    round: { pages: { [nurse.id]: 'page-nurse' }, ...round },
    step: { asked: [nurse.id], ...step },
    standing: standingAs({ dueAt: minute(3) }, standing),
  });
}

/** The nurse accepted one minute after the start; the recheck is due 15 minutes later. */
export function anOwnedAlert({ standing, ...changes }: AlertChanges = {}): OwnedAlert {
  return answered({
    ...changes,
    standing: standingAs({ is: 'owned', deadline: minute(16), dueAt: minute(2) }, standing),
  }) as OwnedAlert;
}

function answered(changes: AlertChanges): Alert {
  return aPagedAlert({ seq: 3, owner: anOwner, ...changes });
}

/** A device sends what cannot be read; the nurse was mailed and is waited for. */
export function aDeviceAlert({ step, ...changes }: AlertChanges = {}): Alert {
  return aPagedAlert({
    pk: 'DEVICE#bp-1#unreadable',
    patientId: null,
    worst: 'technical',
    announced: 'technical',
    policy: 'technical',
    placedAt: null,
    called: { whom: [nurse.id], notBefore: null },
    ...changes,
    step: { mailed: [nurse.id], ...step },
  });
}

/** Ended by the readings, a quarter of an hour after the nurse had accepted. */
export function aClosedAlert(changes: AlertChanges = {}): Alert {
  return answered({
    seq: 4,
    ...changes,
    standing: { is: 'closed', at: minute(16), reason: 'recovered', clinicianId: null },
  });
}

/** As the table keeps it. */
export function stored(alert: Alert, token: string | null = 'token-1') {
  const { standing } = alert;
  return {
    ...alert,
    token,
    ...(standing.dueAt !== null && { dueOn: 'alert', dueAt: standing.dueAt }),
  };
}

/** The alert after what was decided; fails when it was refused. */
export function after(alert: Alert | undefined, decided: Decision, at: string): Alert {
  if ('refused' in decided) throw new Error(`It was refused: ${decided.refused}`);
  return evolve(alert, recorded(decided, { seq: (alert?.seq ?? 0) + 1, at, writeId: 'w' }));
}

/** What becomes of a command to the alert. */
export function when(alert: Alert, command: AlertCommand, at: string): Alert {
  return after(alert, decide(alert, { ...command, alertId: alert.alertId }, at), at);
}

/** Why a command is refused; undefined when it is not. */
export function whyNot(alert: Alert, command: AlertCommand, at: string): Refusal | undefined {
  const decided = decide(alert, { ...command, alertId: alert.alertId }, at);
  return 'refused' in decided ? decided.refused : undefined;
}

/** What becomes of a claimed reading, carried by `executionName` if it is to carry anything. */
export function whenRaised(
  alert: Alert | undefined,
  claim: UnfulfilledClaim,
  at: string,
  executionName = claim.executionName,
): Alert {
  return after(alert, decide(alert, { type: 'raise', claim, executionName }, at), at);
}

/** What is kept of an item that does not parse, and the alert in its place. */
export function whenSetAside(item: Record<string, unknown>, at: string): { aside: SetAside; alert: Alert } {
  const aside = setAside(item, at);
  const decided = decide(undefined, { type: 'raiseUnreadable', aside }, at);
  if ('refused' in decided) throw new Error(`It was refused: ${decided.refused}`);
  return { aside, alert: evolve(undefined, recorded(decided, { seq: aside.seq + 1, at, writeId: 'w' })) };
}

/** Where an assessment saw the alert, for the execution that carries it. */
export function seenAs(alert: Alert) {
  const { executionName, round, step, worst, standing } = alert;
  const { escalationLevel, attempt } = step;
  const deadline = standing.is === 'closed' ? standing.at : standing.deadline;
  return { executionName, round: round.number, escalationLevel, attempt, level: worst, deadline };
}

/** As many as anybody needs. */
export const newPageIds = Array.from({ length: 20 }, (_, index) => `page-${index + 1}`);

/** The patient's vitals with these readings. */
export function someVitals(...recent: RecentReading[]): Vitals {
  return { pk: 'VITALS#p-7', kind: 'vitals', patientId: 'p-7', version: 1, lastSpokeAt: START, recent };
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
