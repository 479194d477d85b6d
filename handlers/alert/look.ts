/** Look: what an open alert needs next. It reads and names the step; the workflow's state does it, and looks again. */
import { type AlarmLevel, isEmergency, isWorse } from '../clinical/severity.ts';
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert, Rung } from './alert.ts';
import { isOwned } from './answers.ts';
import { later, rungSeconds, secondsUntil, sooner } from './ladder.ts';
import { isElsewhere, isInAnotherWard } from './newest-place.ts';
import { recheck } from './recovery.ts';
import { isTurnAhead, nextTurn, WAKE_AHEAD_SECONDS } from './turns.ts';

/** Somebody whom the present rung addresses, and in which role. */
export type Person = {
  id: string;
  role: string;
  /** Asked before the patient was moved, and not of this step: told of the new place, free to answer, not waited for. */
  askedElsewhere?: true;
};

type MoveReason = 'time is up' | 'everybody declined' | 'nobody could be reached' | 'nobody is on call';

type NextStep =
  | { step: 'page' }
  | { step: 'move on'; because: MoveReason }
  | { step: 'wait' }
  | { step: 'rest' }
  | { step: 'new round'; asking: 'worse' | 'moved' | 'recheck' | 'repeat' }
  | { step: 'close' }
  | { step: 'closed' }
  | { step: 'leave' };

/** The step, and the alert as it was seen: whoever does the step makes sure that it still stands there. */
export type Look = NextStep & {
  round: number;
  rung: Rung;
  pass: number;
  level: AlarmLevel;
  emergency: boolean;
  /** When the wait of this step ends, and how many seconds that leaves (at least 1). */
  deadline: string;
  waitSeconds: number;
};

/** What the execution `me` of the alert `alertId` is to do. `people`: whom the present rung addresses; `recent`: the vitals. */
export function look(
  alert: Alert,
  { me, alertId }: { me: string; alertId: string },
  facts: { people: readonly Person[]; recent: readonly RecentReading[] },
  now: string,
): Look {
  const { round, rung, pass, worst } = alert;
  const next = nextStep(alert, { me, alertId }, facts, now);
  const deadline = deadlineOf(next.step, alert, now);
  return {
    ...next,
    round,
    rung,
    pass,
    level: worst,
    emergency: isEmergency(worst),
    deadline,
    waitSeconds: secondsUntil(deadline, now),
  };
}

function nextStep(
  alert: Alert,
  { me, alertId }: { me: string; alertId: string },
  { people, recent }: { people: readonly Person[]; recent: readonly RecentReading[] },
  now: string,
): NextStep {
  if (alert.alertId !== alertId) return { step: 'closed' };
  if (alert.executionName !== me) return { step: 'leave' };
  if (alert.status === 'closed') return { step: 'closed' };
  const timeIsUp = now >= alert.deadline;
  if (isOwned(alert)) {
    if (isWorseThanAnnounced(alert)) return { step: 'new round', asking: 'worse' };
    if (isInAnotherWard(alert)) return { step: 'new round', asking: 'moved' };
    return timeIsUp ? afterRecheck(alert, recent) : { step: 'wait' };
  }
  if (alert.resting && !timeIsUp) return { step: 'rest' };
  const lost = whyNobodyIsLeft(alert, people);
  if (lost && !alert.resting) return { step: 'move on', because: lost };
  // Worse news goes out with the next pass, which begins now.
  if (timeIsUp) return { step: 'move on', because: 'time is up' };
  // It also has turns of its own: those of the former level, or of another place, are not waited for.
  const isNews = isWorseThanAnnounced(alert) || isElsewhere(alert);
  if (isTurnAhead(alert, now) && !isNews) return { step: 'rest' };
  return { step: 'page' };
}

/** True when somebody is waited for, or owns it, who was told less. */
export function isWorseThanAnnounced({ worst, announced }: Alert): boolean {
  return announced !== null && isWorse(worst, announced);
}

function afterRecheck(alert: Alert, recent: readonly RecentReading[]): NextStep {
  const found = recheck(alert, recent);
  if (found === 'recovered') return { step: 'close' };
  return { step: 'new round', asking: found === 'still critical' ? 'recheck' : 'repeat' };
}

/**
 * Why nobody of the rung can answer any more. `everyone` without anybody on the roster is no reason: the operations
 * have yet to hear of that, from the page that reaches nobody.
 */
function whyNobodyIsLeft(alert: Alert, addressed: readonly Person[]): MoveReason | undefined {
  const people = addressed.filter(({ askedElsewhere }) => !askedElsewhere);
  if (people.length === 0) return alert.rung === 'everyone' ? undefined : 'nobody is on call';
  if (people.every(({ id }) => alert.declined.includes(id))) return 'everybody declined';
  const isLost = ({ id }: Person) => alert.declined.includes(id) || alert.unreachable.includes(id);
  return people.every(isLost) ? 'nobody could be reached' : undefined;
}

/** A mail's turn is waited for until just before it: the function waits the rest to the millisecond. */
function deadlineOf(step: NextStep['step'], alert: Alert, now: string): string {
  if (step === 'page') return pageDeadline(alert, now);
  const turnAt = step === 'rest' && !alert.resting ? nextTurn(alert) : undefined;
  return turnAt === undefined ? alert.deadline : sooner(alert.deadline, later(turnAt, -WAKE_AHEAD_SECONDS));
}

/** Worse news gets no more time than its level grants, and never more than was left. */
function pageDeadline(alert: Alert, now: string): string {
  if (!isWorseThanAnnounced(alert)) return alert.deadline;
  return sooner(alert.deadline, later(now, rungSeconds(alert.rung, alert.worst)));
}
