/** What an open alert needs next. It reads, and names the workflow's state; the state does it, and the alert is assessed again. */
import { isClearlyFurther } from '../clinical/danger.ts';
import { type AlarmLevel, isEmergency, isWorse } from '../clinical/severity.ts';
import type { RecentReading } from '../reading/vitals.ts';
import { later, secondsUntil, sooner } from '../time/instant.ts';
import { ladderOf } from '../timings/timings.ts';
import { type Alert, isOpen, isOwned, type OpenAlert, type OwnedAlert } from './alert.ts';
import { isStandDownDue, toStandDown } from './called.ts';
import { endingOf } from './ending.ts';
import { type EscalationLevel, levelSeconds } from './escalation-levels.ts';
import type { MoveReason } from './event.ts';
import type { KnownSince } from './fault-over.ts';
import { isElsewhere, isInAnotherWard } from './newest-place.ts';
import { recheck } from './recovery.ts';
import type { Responder } from './responders.ts';
import { isTurnAhead, nextTurn, WAKE_AHEAD_SECONDS } from './turns.ts';

/** The page states, which differ in what a reader of the console sees. */
type PageState = 'Page nurse' | 'Page nurse and doctor' | 'Page doctor' | 'Page lead' | 'Page everyone';

/** Why whoever has the alert is asked once more. */
export type RoundReason = 'worse' | 'moved' | 'withdrawn' | 'recheck' | 'repeat';

/** What is to be done, by the name of the state that does it. */
type Next =
  | { next: PageState }
  | { next: 'Move to the next step'; because: MoveReason }
  | { next: 'Wait for the recheck' }
  | { next: 'Pause before calling again' }
  | { next: 'Begin a new round'; asking: RoundReason }
  | { next: 'Tell who need not come' }
  | { next: 'Close alert' }
  | { next: 'Closed' }
  | { next: 'Taken over' };

/** The state, and the alert as it was seen: whoever does it makes sure that it still stands there. */
export type Assessment = Next & {
  round: number;
  escalationLevel: EscalationLevel;
  attempt: number;
  level: AlarmLevel;
  /** When the wait of the state ends, and how many seconds that leaves (at least 1). */
  deadline: string;
  waitSeconds: number;
};

/** Which execution asks, of which alert. */
type AskingExecution = { executionName: string; alertId: string };
/** `responders`: whom the present level addresses. */
type Facts = { responders: readonly Responder[] } & KnownSince;

export function assess(alert: Alert, asked: AskingExecution, facts: Facts, now: string): Assessment {
  const next = nextOf(alert, asked, facts, now);
  const deadline = deadlineOf(next, alert, now);
  return {
    ...next,
    round: alert.round.number,
    escalationLevel: alert.step.escalationLevel,
    attempt: alert.step.attempt,
    level: alert.worst,
    deadline,
    waitSeconds: secondsUntil(deadline, now),
  };
}

function nextOf(
  alert: Alert,
  { executionName, alertId }: AskingExecution,
  { responders, recent, fault }: Facts,
  now: string,
): Next {
  if (alert.alertId !== alertId) return { next: 'Closed' };
  if (alert.executionName !== executionName) return { next: 'Taken over' };
  if (!isOpen(alert)) return ofClosed(alert, now);
  if (endingOf(alert, fault, now)) return { next: 'Close alert' };
  return isOwned(alert) ? ofOwned(alert, recent, now) : ofUnanswered(alert, responders, now);
}

function ofOwned(alert: OwnedAlert, recent: readonly RecentReading[], now: string): Next {
  if (isWorseThanAnnounced(alert)) return { next: 'Begin a new round', asking: 'worse' };
  if (isInAnotherWard(alert)) return { next: 'Begin a new round', asking: 'moved' };
  if (alert.withdrawal === 'news') return { next: 'Begin a new round', asking: 'withdrawn' };
  if (now < alert.standing.deadline)
    return { next: isStandDownDue(alert, now) ? 'Tell who need not come' : 'Wait for the recheck' };
  const found = recheck(alert, recent);
  if (found === 'recovered') return { next: 'Close alert' };
  return { next: 'Begin a new round', asking: found === 'stillCritical' ? 'recheck' : 'repeat' };
}

function ofClosed(alert: Alert, now: string): Next {
  if (toStandDown(alert, now).length === 0) return { next: 'Closed' };
  return { next: isStandDownDue(alert, now) ? 'Tell who need not come' : 'Pause before calling again' };
}

function ofUnanswered(alert: OpenAlert, responders: readonly Responder[], now: string): Next {
  const timeIsUp = now >= alert.standing.deadline;
  if (alert.standing.is === 'backingOff') {
    return timeIsUp
      ? { next: 'Move to the next step', because: 'timeIsUp' }
      : { next: 'Pause before calling again' };
  }
  const lost = whyNobodyIsLeft(alert, responders);
  if (lost) return { next: 'Move to the next step', because: lost };
  // Worse news goes out with the next attempt, which begins now.
  if (timeIsUp) return { next: 'Move to the next step', because: 'timeIsUp' };
  // It also has turns of its own: those of the former level, or of another place, are not waited for.
  const isNews = isWorseThanAnnounced(alert) || isElsewhere(alert);
  if (isTurnAhead(alert, now) && !isNews) return { next: 'Pause before calling again' };
  return { next: pageState(alert) };
}

function pageState({ step, worst }: Alert): PageState {
  switch (step.escalationLevel) {
    case 'nurse':
      return isEmergency(worst) ? 'Page nurse and doctor' : 'Page nurse';
    case 'doctor':
      return isEmergency(worst) ? 'Page nurse and doctor' : 'Page doctor';
    case 'lead':
      return 'Page lead';
    case 'everyone':
      return 'Page everyone';
  }
}

/**
 * True when somebody is waited for, or owns it, who was told less: of a lower level, clearly less far beyond the limits, or
 * that nothing alarms any more.
 */
export function isWorseThanAnnounced(alert: Alert): boolean {
  const { worst, announced, announcedDanger, alarmsAgain, standsOn } = alert;
  const isFurther = () => standsOn.some(({ danger }) => isClearlyFurther(danger, announcedDanger));
  return announced !== null && (alarmsAgain || isWorse(worst, announced) || isFurther());
}

/**
 * Why nobody of the level can answer any more. `everyone` without anybody on the roster is no reason: the operations
 * have yet to hear of that, from the page that reaches nobody.
 */
function whyNobodyIsLeft({ step, round }: Alert, addressed: readonly Responder[]): MoveReason | undefined {
  const awaited = addressed.filter(({ askedElsewhere }) => !askedElsewhere);
  if (awaited.length === 0) return step.escalationLevel === 'everyone' ? undefined : 'nobodyOnCall';
  if (awaited.every(({ id }) => round.declined.includes(id))) return 'everybodyDeclined';
  const isLost = ({ id }: Responder) => round.declined.includes(id) || step.unreachable.includes(id);
  return awaited.every(isLost) ? 'nobodyReached' : undefined;
}

/** A mail's turn is waited for until just before it: the function waits the rest to the millisecond. */
function deadlineOf({ next }: Next, alert: Alert, now: string): string {
  const { notBefore } = alert.called;
  // What is over waits for nothing else.
  if (!isOpen(alert)) return notBefore ?? now;
  const { deadline, is } = alert.standing;
  if (is === 'owned' && toStandDown(alert, now).length > 0) return sooner(deadline, notBefore ?? deadline);
  if (next.startsWith('Page ')) return pageDeadline(alert, now);
  const turnAt = next === 'Pause before calling again' && is !== 'backingOff' ? nextTurn(alert) : undefined;
  return turnAt === undefined ? deadline : sooner(deadline, later(turnAt, -WAKE_AHEAD_SECONDS));
}

/** Worse news gets no more time than its level grants, and never more than was left. */
function pageDeadline(alert: OpenAlert, now: string): string {
  const { deadline } = alert.standing;
  if (!isWorseThanAnnounced(alert)) return deadline;
  const { escalationLevel, attempt } = alert.step;
  return sooner(deadline, later(now, levelSeconds(ladderOf(alert), escalationLevel, attempt)));
}
