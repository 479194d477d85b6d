/**
 * The world that the explorer searches: one patient's item, its claims, and the executions that act for it, each at a line
 * of its own. A state of it is a value: nothing in it is changed in place.
 */
import { type Alert, isOpen, responsible } from '../../../../handlers/alert/alert.ts';
import type { Assessment } from '../../../../handlers/alert/assess.ts';
import type { Claim } from '../../../../handlers/alert/claim.ts';
import type { AlertCommand } from '../../../../handlers/alert/decide.ts';
import type { Happened, MoveReason, Request } from '../../../../handlers/alert/event.ts';
import type { AlarmLevel, ClinicalLevel, Severity } from '../../../../handlers/clinical/severity.ts';
import type { RecentReading } from '../../../../handlers/reading/vitals.ts';
import type { Timings } from '../../../../handlers/timings/timings.ts';

/** What has been decided on what was read, and is still to be written. */
type Intent = { readSeq: number; at: string; happened: Happened; command: AlertCommand | undefined };

export type Execution = {
  name: string;
  /** The line that comes next. */
  at: 'open' | 'write' | 'assess' | 'act' | 'mails' | 'waiting' | 'ended';
  /** The reading that it was started for; undefined when it resumes an alert. */
  reading: number | undefined;
  alertId: string | undefined;
  seen: Assessment | undefined;
  /** What the page state's Catch says. */
  failed: MoveReason | undefined;
  token: string;
  intent: Intent | undefined;
};

/**
 * A reading that is sent; an earlier one was measured a second before it arrives, one held back ten minutes before, and one
 * further is 25 mmHg beyond the limit. Or the last one, good or alarming, is withdrawn.
 */
type Sent =
  | ClinicalLevel
  | Severity
  | 'critical, earlier'
  | 'critical, heldBack'
  | 'critical, further'
  | 'normal, withdrawn'
  | 'critical, withdrawn';

/** How often each kind of thing may still happen. */
export type Budget = {
  readings: readonly Sent[];
  ticks: number;
  answers: number;
  /** Of these, how often an owner hands the alert over or gives it back. */
  givingUps: number;
  /** An execution is killed. */
  kills: number;
  /** A function dies after a write: its state is tried again. */
  deaths: number;
  /** A start, or a wake, gets lost. */
  losses: number;
  /** Mail is refused by SNS, or has to wait for its turn. */
  mailTroubles: number;
  /** Whoever need not come is told later, since others are mailed first. */
  delays: number;
  /** Each line reads and writes at once: fewer states, and so deeper ones. */
  isCoarse: boolean;
  /** Everyone is called at once, and the operations with them, by mail and on a pager, where somebody may acknowledge so many incidents. */
  hasOperations: boolean;
  acknowledgements: number;
  /** What the hospital says; the defaults, where it says nothing. */
  timings: Timings | undefined;
};

/** Incidents of the operations' pager by their keys. */
export type Pager = Readonly<Record<string, 'rings' | 'acknowledged' | 'resolved'>>;

export type World = {
  now: string;
  alert: Alert | undefined;
  token: string | null;
  claims: readonly Claim[];
  /** Execution ended badly, and EventBridge says so, once. */
  endedBadly: readonly string[];
  executions: readonly Execution[];
  /** Tokens that were woken, and have not been heard yet. */
  wakes: readonly string[];
  recent: readonly RecentReading[];
  /** Readings, by their number, of which the vitals know that they are withdrawn, and those of which an alert is to hear it. */
  withdrawn: readonly number[];
  takingBack: readonly number[];
  /** Mails that were published: step and clinician, and the level that they announced. */
  mails: readonly { step: string; whom: string; level: AlarmLevel }[];
  /** Whom a stand-down reached, as often as it did. */
  told: readonly string[];
  /** The operations' pager, and calls that rang nobody. */
  pager: Pager;
  silentCalls: number;
  /** Functions that died between a stand-down and its record. */
  toldInVain: number;
  /** What the person who answered last had before them; undefined once anything else has happened. */
  answered: { round: number; shownLevel: AlarmLevel | undefined } | undefined;
  /** Takings of each reading, by its number. */
  taken: readonly number[];
  /** Since when there is news that nobody of the present wait has heard. */
  newsSince: string | undefined;
  /** Faults so far: each may cost the sweeper's minute. */
  faults: number;
  left: Budget;
};

const instants = new Map<string, number>();

/** There are few of them, and they are looked at over and over. */
function msOf(instant: string): number {
  const known = instants.get(instant);
  if (known !== undefined) return known;
  const ms = Date.parse(instant);
  instants.set(instant, ms);
  return ms;
}

/** Two states of the same key go on alike: times count from now, and names by what they are to each other. */
export function keyOf(world: World): string {
  const { alert, now, left } = world;
  const since = (instant: string) => msOf(instant) - msOf(now);
  const parts: unknown[] = [
    left.readings.length,
    left.ticks,
    left.answers,
    left.givingUps,
    left.kills,
    left.deaths,
    left.losses,
    left.mailTroubles,
    left.delays,
    left.acknowledgements,
    Object.entries(world.pager),
    world.newsSince && since(world.newsSince),
    world.taken.join(''),
    world.withdrawn.join(),
    world.takingBack.join(),
    world.endedBadly.length,
  ];
  if (alert) {
    const { round, step, standing } = alert;
    const owner = responsible(alert);
    parts.push(
      'A',
      standing.is,
      isOpen(alert) && since(alert.standing.deadline),
      alert.standing.dueAt && since(alert.standing.dueAt),
      round.number,
      round.asking,
      round.declined,
      round.handedTo,
      alert.called.whom,
      alert.called.incidents,
      alert.called.formerIncidents,
      alert.called.notBefore && since(alert.called.notBefore),
      world.told.length,
      Object.keys(round.pages),
      step.escalationLevel,
      Math.min(step.attempt, 2),
      step.asked,
      step.mailed,
      step.unreachable,
      Object.entries(step.turns).map(([whom, at]) => [whom, since(at)]),
      owner && [owner.clinicianId, owner.round === round.number],
      alert.worst,
      alert.announced,
      alert.announcedDanger.systolicHigh?.mmHg,
      alert.standsOn.map(({ measurementId, level, danger }) => [
        measurementId,
        level,
        danger.systolicHigh?.mmHg,
      ]),
      alert.alarmsAgain,
      alert.withdrawal,
      alert.told.length,
      alert.raisedAgain,
      since(alert.events.findLast(({ type }) => type === 'resumed')?.at ?? now),
    );
  }
  const holdsBack = left.readings.includes('critical, heldBack');
  for (const { severity, measuredAt, arrivedAt } of world.recent)
    parts.push(
      'V',
      severity,
      holdsBack && [since(measuredAt), since(arrivedAt)],
      alert && [measuredAt > alert.alarmedAt, attendedAt(alert) < measuredAt, attendedAt(alert) < arrivedAt],
    );
  for (const claim of world.claims)
    parts.push('C', claim.status, claim.status === 'unfulfilled' && since(claim.dueAt), claim.raisedAgain);
  const living = world.executions
    .filter(({ at }) => at !== 'ended')
    .map((it) =>
      [
        it.at,
        it.reading,
        it.failed,
        alert && [it.name === alert.executionName, it.alertId === alert.alertId],
        it.token === world.token,
        world.wakes.includes(it.token),
        it.intent && [it.intent.readSeq === (alert?.seq ?? 0), it.intent.happened.type],
        it.seen && [
          it.seen.next,
          'because' in it.seen && it.seen.because,
          'asking' in it.seen && it.seen.asking,
          it.seen.round === alert?.round.number,
          it.seen.escalationLevel === alert?.step.escalationLevel && it.seen.attempt === alert?.step.attempt,
          it.seen.level,
          since(it.seen.deadline),
        ],
      ].join(),
    )
    .sort();
  parts.push(...living);
  return parts.join('|');
}

const attendedAt = (alert: Alert) => responsible(alert)?.attendedAt ?? '9';

/** Requests of the step that no mail has answered yet. */
export function unmailed(alert: Alert): Request[] {
  const asked = alert.events.flatMap((event) => (event.type === 'asking' ? event.pages : []));
  return alert.step.asked
    .filter((id) => !alert.step.mailed.includes(id) && !alert.step.unreachable.includes(id))
    .filter((id) => !alert.round.declined.includes(id))
    .flatMap((id) => asked.findLast(({ clinicianId }) => clinicianId === id) ?? []);
}
