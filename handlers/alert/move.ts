/** The workflow's own moves: remind, escalate, back off, wait, ask in a new round, close. Each checks what was seen. */

import { later, sooner } from '../time/instant.ts';
import { ladderOf } from '../timings/timings.ts';
import { type Alert, isOpen, isOwned, type OpenAlert } from './alert.ts';
import { isWorseThanAnnounced, type RoundReason } from './assess.ts';
import { isStandDownDue, toStandDown } from './called.ts';
import type { Decision } from './decision.ts';
import { endingOf } from './ending.ts';
import {
  backOffSeconds,
  type EscalationLevel,
  isLastAttempt,
  levelOf,
  levelSeconds,
  louder,
  stuckAfter,
} from './escalation-levels.ts';
import { type MoveReason, recorded } from './event.ts';
import { evolve } from './evolve.ts';
import type { KnownSince } from './fault-over.ts';
import { isInAnotherWard } from './newest-place.ts';
import { recheck } from './recovery.ts';
import { type Seen, whyNotMine, whyNotThere } from './seen.ts';
import { nextTurn } from './turns.ts';

export type MoveOn = { type: 'moveOn'; seen: Seen; because: MoveReason };
/** The waiting task's token is stored with the event. */
export type Wait = { type: 'wait'; seen: Seen };
export type BeginRound = { type: 'beginRound'; seen: Seen; asking: RoundReason };
export type CloseRecovered = { type: 'closeRecovered'; seen: Seen } & KnownSince;

/**
 * The next step of the escalation. What was seen (time is up, nobody left) stays true as long as the step does. A reminder
 * only follows a page that was waited for: a failure, or a level that has nobody left, moves to the next people.
 */
export function moveOn(alert: OpenAlert, { seen, because }: MoveOn, at: string): Decision {
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  const { escalationLevel, attempt } = alert.step;
  const waited = because === 'timeIsUp';
  const entered = (level: EscalationLevel, attempt: number) => ({
    because,
    escalationLevel: level,
    attempt,
    ...stepWait(level, attempt, alert, at),
  });
  // Who was asked by name is one of the level: the others have yet to be asked.
  if (alert.round.handedTo !== null) return { type: 'timedOut', ...entered(escalationLevel, attempt + 1) };
  if (escalationLevel !== 'everyone') {
    return waited && !isLastAttempt(ladderOf(alert), escalationLevel, attempt)
      ? { type: 'timedOut', ...entered(escalationLevel, attempt + 1) }
      : { type: 'escalated', ...entered(louder(escalationLevel, alert.worst), 0) };
  }
  if (waited) {
    return { type: attempt === 0 ? 'unanswered' : 'timedOut', ...entered('everyone', attempt + 1) };
  }
  if (alert.standing.is === 'backingOff') return { refused: 'movedOn' };
  return {
    type: 'backedOff',
    because,
    deadline: later(at, backOffSeconds(alert.worst)),
    dueAt: stuckAfter(at),
  };
}

/** The alert as it will be asked about on its next step, when it moves on for that reason; undefined when it moves on no more. */
export function onNextStep(alert: Alert, because: MoveReason, at: string): OpenAlert | undefined {
  if (!isOpen(alert)) return undefined;
  const { executionName, round, step, seq } = alert;
  const { escalationLevel, attempt } = step;
  const seen = { executionName, round: round.number, escalationLevel, attempt };
  const decided = moveOn(alert, { type: 'moveOn', seen, because }, at);
  if ('refused' in decided) return undefined;
  const next = evolve(alert, recorded(decided, { seq: seq + 1, at, writeId: 'foreseen' }));
  return isOpen(next) ? next : undefined;
}

/** Whoever owns it, the pause after everyone was tried, or the turn of a mail is waited for. */
export function wait(alert: OpenAlert, { seen }: Wait, at: string): Decision {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  if (isStandDownDue(alert, at)) return { refused: 'movedOn' };
  const { standing } = alert;
  const turnAt = nextTurn(alert);
  if (standing.is === 'waiting' && !turnAt) return { refused: 'movedOn' };
  if (isOwned(alert) && isWorseThanAnnounced(alert)) return { refused: 'worseSince' };
  if (isOwned(alert) && (isInAnotherWard(alert) || alert.withdrawal === 'news'))
    return { refused: 'movedOn' };
  const until = isOwned(alert) || !turnAt ? standing.deadline : sooner(turnAt, standing.deadline);
  return { type: 'waiting', sighting: null, deadline: standing.deadline, dueAt: stuckAfter(until) };
}

/** It is over: the mails that say so give way to others. */
export function waitToStandDown(alert: Alert, { seen }: Wait, at: string): Decision {
  if (toStandDown(alert, at).length === 0) return { refused: 'closed' };
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  const { notBefore } = alert.called;
  if (notBefore === null || notBefore <= at) return { refused: 'movedOn' };
  return { type: 'waiting', sighting: null, deadline: notBefore, dueAt: stuckAfter(notBefore) };
}

/** Asks anew: one level above the owner when still critical, else on the owner's own. The owner stays responsible meanwhile. */
export function beginRound(alert: OpenAlert, { seen, asking }: BeginRound, at: string): Decision {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  if (!isOwned(alert)) return { refused: 'notOwned' };
  const own = levelOf(alert.standing.owner.role);
  const escalationLevel = asking === 'recheck' ? louder(own, alert.worst) : own;
  const entered = { escalationLevel, ...stepWait(escalationLevel, 0, alert, at) };
  if (asking === 'recheck') return { type: 'rechecked', found: 'stillCritical', ...entered };
  if (asking === 'repeat') return { type: 'rechecked', found: 'noGoodMeasurement', ...entered };
  return { type: 'interrupted', by: asking, ...entered };
}

/** Ends the alert. The readings are judged again with each attempt to write: one that joined meanwhile forbids it. */
export function closeRecovered(
  alert: OpenAlert,
  { seen, recent, fault }: CloseRecovered,
  at: string,
): Decision {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  const closed = { type: 'closed', clinicianId: null } as const;
  const ending = endingOf(alert, fault, at);
  if (ending) return { ...closed, reason: ending };
  if (!isOwned(alert)) return { refused: 'notOwned' };
  if (isWorseThanAnnounced(alert)) return { refused: 'worseSince' };
  if (recheck(alert, recent) !== 'recovered') return { refused: 'notRecovered' };
  return { ...closed, reason: 'recovered' };
}

/** A step's wait runs from its beginning; that it follows at once is the workflow's to show. */
export function stepWait(level: EscalationLevel, attempt: number, alert: OpenAlert, at: string) {
  return { deadline: later(at, levelSeconds(ladderOf(alert), level, attempt)), dueAt: stuckAfter(at) };
}
