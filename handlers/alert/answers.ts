/** What a clinician's answer does. One write decides who has it; whoever loses the race is told why. */
import { type AlarmLevel, isWorse } from '../clinical/severity.ts';
import type { Alert, ClosingReason } from './alert.ts';
import { dueSoon, type Outcome, record } from './events.ts';
import { later, recheckSeconds, sooner } from './ladder.ts';

type NotAnswerable = 'closed' | 'earlier round' | 'already owned';

/** True when somebody answers for the present round; the owner of an earlier one is only still responsible. */
export function isOwned(alert: Alert): boolean {
  return alert.ownerRound === alert.round;
}

/**
 * The clinician takes the alert: for this round, once, knowing what the form showed (`shownLevel`). The recheck is due
 * after the interval of the worst level. A link of an earlier rung of this round accepts too: mail is slow.
 */
export function accept(
  alert: Alert,
  by: { clinicianId: string; role: string; round: number; shownLevel: AlarmLevel },
  now: string,
  writeId: string,
): Outcome<NotAnswerable | 'worse since'> {
  const refused = whyNotAnswerable(alert, by.round);
  if (refused) return { refused };
  if (isWorse(alert.worst, by.shownLevel)) return { refused: 'worse since' };
  const { clinicianId, role } = by;
  const goesOn = alert.asking === 'repeat' && alert.attendedAt !== null;
  return record(
    alert,
    {
      ownerId: clinicianId,
      ownerRole: role,
      ownerRound: alert.round,
      // Who takes it can come after all.
      declined: alert.declined.filter((id) => id !== clinicianId),
      acceptedAt: now,
      attendedAt: goesOn ? alert.attendedAt : now,
      // Read on the page, if no mail has said it yet.
      announced: alert.worst,
      resting: false,
      deadline: later(now, recheckSeconds(alert.worst)),
      dueAt: dueSoon(now),
    },
    { type: 'accepted', clinicianId, role },
    now,
    writeId,
  );
}

/** The reason of a decline that nobody chose: too many wrong PINs passed the page on. The report does not count it as an answer. */
export const WRONG_PINS = 'wrong PINs';

/** The clinician cannot come; when nobody is left on the rung, the workflow moves on at once. */
export function decline(
  alert: Alert,
  by: { clinicianId: string; round: number; reason: string },
  now: string,
  writeId: string,
): Outcome<NotAnswerable> {
  const refused = whyNotAnswerable(alert, by.round);
  if (refused) return { refused };
  const { clinicianId, reason } = by;
  const others = alert.declined.filter((id) => id !== clinicianId);
  return record(
    alert,
    { declined: [...others, clinicianId], dueAt: dueNoLater(alert, now) },
    { type: 'declined', clinicianId, reason },
    now,
    writeId,
  );
}

/** A form that is sent twice declines once. */
export function declineOnce(
  alert: Alert,
  by: { clinicianId: string; round: number; reason: string },
  now: string,
  writeId: string,
): Outcome<NotAnswerable | 'declined before'> {
  const outcome = decline(alert, by, now, writeId);
  const before = 'changed' in outcome && alert.declined.includes(by.clinicianId);
  return before ? { refused: 'declined before' } : outcome;
}

/** The clinician ends the alert, for one of the reasons, knowing its worst level. The next alarming reading opens a new one. */
export function closeByPerson(
  alert: Alert,
  by: { clinicianId: string; reason: ClosingReason; shownLevel: AlarmLevel },
  now: string,
  writeId: string,
): Outcome<'closed' | 'worse since'> {
  if (alert.status === 'closed') return { refused: 'closed' };
  if (isWorse(alert.worst, by.shownLevel)) return { refused: 'worse since' };
  const { clinicianId, reason } = by;
  return record(
    alert,
    { status: 'closed', closedAt: now, closedBecause: reason },
    { type: 'closed', clinicianId, reason },
    now,
    writeId,
  );
}

/** Due at once, but never later than before: a bell repeated again and again must not put the sweeper off. */
export function dueNoLater(alert: Alert, now: string): string {
  return sooner(alert.dueAt ?? dueSoon(now), dueSoon(now));
}

function whyNotAnswerable(alert: Alert, round: number): NotAnswerable | undefined {
  if (alert.status === 'closed') return 'closed';
  if (round !== alert.round) return 'earlier round';
  return isOwned(alert) ? 'already owned' : undefined;
}
