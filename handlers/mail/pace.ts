/**
 * How fast mails go to one address, and who goes first. SNS suspends an e-mail subscription that gets more than ten a
 * second, and a suspended one gets nothing until its owner confirms it anew.
 */

/** An emergency has a lane of its own, so it never waits for what is less urgent. */
export type Lane = 'urgent' | 'routine';

/** Between two mails of a lane: 5 and 2.5 a second, 7.5 together; calls that take longer than others still stay under ten. */
export const gapMs: Record<Lane, number> = { urgent: 400, routine: 200 };

/** So near a turn is waited for in the function; for a later one the workflow waits, which costs nothing meanwhile. */
export const WAITED_FOR_MS = 3000;

/**
 * A turn that was missed by more has gone by, and another one is taken: after an outage all missed ones would else be used
 * at once. Far more than a workflow needs to come back.
 */
const TURN_LASTS_MS = 5000;

/** Whether a turn taken for `turnAt` still counts. */
export function isStillTurn(turnAt: string, now: string): boolean {
  return Date.parse(now) - Date.parse(turnAt) <= TURN_LASTS_MS;
}

/**
 * The latest turn that is worth waiting for: half of the time that is left, so that whoever is asked has the other half to
 * answer. A mail that would come later goes to somebody else at once.
 */
export function latestTurn(deadline: string, now: string): string {
  const nowMs = Date.parse(now);
  return new Date(nowMs + Math.max(0, Date.parse(deadline) - nowMs) / 2).toISOString();
}
