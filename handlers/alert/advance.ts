/** The workflow's own moves: remind, escalate, next pass, pause, new round, close. Each checks that the alert stands as Look saw it. */
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert, AlertEvent, Rung } from './alert.ts';
import { isOwned } from './answers.ts';
import { dueAfter, dueSoon, MOVED, type Outcome, record } from './events.ts';
import { isLastPass, later, louder, PAUSE_SECONDS, rungOf, rungSeconds, sooner } from './ladder.ts';
import { isWorseThanAnnounced } from './look.ts';
import { isInAnotherWard } from './newest-place.ts';
import { recheck } from './recovery.ts';
import { nextTurn } from './turns.ts';

/** Where Look saw the alert, and for which execution. */
export type Seen = { me: string; round: number; rung: Rung; pass: number };

export type MoveRefused =
  | 'taken over'
  | 'closed'
  | 'answered'
  | 'moved on'
  | 'worse since'
  | 'not owned'
  | 'not recovered';
type Moved = Outcome<MoveRefused>;

/** Why the alert does not stand where it was seen, waiting for an answer; undefined when it does. */
export function whyNotThere(alert: Alert, seen: Seen): MoveRefused | undefined {
  const gone = whyNotMine(alert, seen);
  if (gone) return gone;
  if (alert.rung !== seen.rung || alert.pass !== seen.pass) return 'moved on';
  return isOwned(alert) ? 'answered' : undefined;
}

/**
 * The next step of the ladder. What Look saw (time is up, nobody left) stays true as long as round, rung and pass do. A
 * reminder only follows a page that was waited for: a failure, or a rung that has nobody left, moves to the next people.
 */
export function moveOn(alert: Alert, seen: Seen & { because: string }, now: string, writeId: string): Moved {
  const refused = whyNotThere(alert, seen);
  if (refused) return { refused };
  const waited = seen.because === 'time is up';
  if (alert.rung !== 'everyone') {
    return waited && !isLastPass(alert.rung, alert.pass)
      ? enter(alert, { rung: alert.rung, pass: alert.pass + 1 }, 'timed out', seen.because, now, writeId)
      : enter(
          alert,
          { rung: louder(alert.rung, alert.worst), pass: 0 },
          'escalated',
          seen.because,
          now,
          writeId,
        );
  }
  if (waited) {
    const type = alert.pass === 0 ? 'unanswered' : 'timed out';
    return enter(alert, { rung: 'everyone', pass: alert.pass + 1 }, type, seen.because, now, writeId);
  }
  if (alert.resting) return { refused: 'moved on' };
  return record(
    alert,
    { resting: true, deadline: later(now, PAUSE_SECONDS), dueAt: dueSoon(now) },
    { type: 'waiting', reason: seen.because },
    now,
    writeId,
  );
}

/** Whoever owns it, the pause after a pass that reached nobody, or the turn of a mail is waited for: the bell is this token. */
export function storeWait(alert: Alert, seen: Seen & { token: string }, now: string, writeId: string): Moved {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  const turnAt = nextTurn(alert);
  if (!isOwned(alert) && !alert.resting && !turnAt) return { refused: 'moved on' };
  if (isOwned(alert) && isWorseThanAnnounced(alert)) return { refused: 'worse since' };
  if (isOwned(alert) && isInAnotherWard(alert)) return { refused: 'moved on' };
  const { token } = seen;
  const until = isOwned(alert) || !turnAt ? alert.deadline : sooner(turnAt, alert.deadline);
  return record(alert, { token, dueAt: dueAfter(until) }, { type: 'waiting' }, now, writeId);
}

/** Asks anew: one rung above the owner when still critical, else on the owner's own. The owner stays responsible meanwhile. */
export function newRound(
  alert: Alert,
  seen: Seen & { asking: 'worse' | 'moved' | 'recheck' | 'repeat' },
  now: string,
  writeId: string,
): Moved {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  if (!isOwned(alert)) return { refused: 'not owned' };
  const { asking } = seen;
  const own = rungOf(alert.ownerRole);
  const rung = asking === 'recheck' ? louder(own, alert.worst) : own;
  return record(
    alert,
    {
      ...atStep(rung, 0, alert, now),
      round: alert.round + 1,
      asking,
      declined: [],
      pages: {},
    },
    asking === 'worse' || asking === 'moved'
      ? { type: 'interrupted', ...(asking === 'moved' && { reason: MOVED }) }
      : { type: 'rechecked', reason: asking === 'recheck' ? 'still critical' : 'no good measurement' },
    now,
    writeId,
  );
}

/** Ends the alert. The readings are judged again with each attempt to write: one that joined meanwhile forbids it. */
export function closeRecovered(
  alert: Alert,
  seen: Seen,
  recent: readonly RecentReading[],
  now: string,
  writeId: string,
): Moved {
  const refused = whyNotMine(alert, seen);
  if (refused) return { refused };
  if (!isOwned(alert)) return { refused: 'not owned' };
  if (isWorseThanAnnounced(alert)) return { refused: 'worse since' };
  if (recheck(alert, recent) !== 'recovered') return { refused: 'not recovered' };
  const reason = 'recovered';
  return record(
    alert,
    { status: 'closed', closedAt: now, closedBecause: reason },
    { type: 'closed', reason },
    now,
    writeId,
  );
}

function enter(
  alert: Alert,
  { rung, pass }: { rung: Rung; pass: number },
  type: AlertEvent['type'],
  reason: string,
  now: string,
  writeId: string,
): Moved {
  // Everyone is everyone, in each pass: also who could not come before.
  const declined = rung === 'everyone' ? [] : alert.declined;
  return record(alert, { ...atStep(rung, pass, alert, now), declined }, { type, reason }, now, writeId);
}

/** A step begins: nobody has been asked in it yet, and its wait runs from now. */
function atStep(rung: Rung, pass: number, alert: Alert, now: string): Partial<Alert> {
  return {
    rung,
    pass,
    asked: [],
    mailed: [],
    turns: {},
    unreachable: [],
    resting: false,
    deadline: later(now, rungSeconds(rung, alert.worst)),
    dueAt: dueSoon(now),
  };
}

function whyNotMine(alert: Alert, seen: Seen): MoveRefused | undefined {
  if (alert.status === 'closed') return 'closed';
  if (alert.executionName !== seen.me) return 'taken over';
  return alert.round === seen.round ? undefined : 'moved on';
}
