/**
 * How fast mails go to one address, and who goes first. SNS suspends an e-mail subscription that gets more than ten a
 * second, and a suspended one gets nothing until its owner confirms it anew.
 */

/**
 * An emergency has a lane of its own, so it never waits for what is less urgent; and nobody who is asked to see a patient waits
 * for what is of no patient's harm, which goes in the `background`.
 */
export type Lane = 'urgent' | 'routine' | 'background';

/**
 * Between two mails of a lane: 2.5, 5 and 0.5 a second, 8 together; calls that take longer than others still stay under ten.
 * In any second at most 3, 6 and 1.
 */
export const gapMs: Record<Lane, number> = { urgent: 400, routine: 200, background: 2000 };

/** So near a turn is waited for in the function; for a later one the workflow waits, which costs nothing meanwhile. */
export const WAITED_FOR_MS = 3000;

/**
 * A turn that was missed by more has gone by, and another one is taken: of an outage of a second, all that were missed would
 * else be used at once. Half of the shorter gap: the other half is for calls that take longer than others.
 */
const TURN_LASTS_MS = 100;

/** Where no turn could be taken, one is tried for again so much later: past what the function waits for, and not all at once. */
const COMES_BACK_AFTER_MS = WAITED_FOR_MS + 1;
const COMES_BACK_WITHIN_MS = 7_000;

/** Whether it is a turn, and still counts. */
export function isStillTurn(turnAt: string, now: string): boolean {
  return !isTimeToComeBack(turnAt) && Date.parse(now) - Date.parse(turnAt) <= TURN_LASTS_MS;
}

/**
 * When to come back and take a turn, for whom none could be taken; `random` is in [0, 1). It is nobody's turn, and is told from
 * one by its offset, where a turn has a Z. Not after `latest`.
 */
export function timeToComeBack(random: number, { now, latest }: { now: string; latest: string }): string {
  const afterMs = COMES_BACK_AFTER_MS + random * COMES_BACK_WITHIN_MS;
  const atMs = Math.min(Date.parse(now) + Math.floor(afterMs), Date.parse(latest));
  return new Date(atMs).toISOString().replace('Z', '+00:00');
}

export function isTimeToComeBack(turnAt: string): boolean {
  return turnAt.endsWith('+00:00');
}

/**
 * The latest turn that is worth waiting for: half of the time that is left, so that whoever is asked has the other half to
 * answer. A mail that would come later goes to somebody else at once.
 */
export function latestTurn(deadline: string, now: string): string {
  const nowMs = Date.parse(now);
  return new Date(nowMs + Math.max(0, Date.parse(deadline) - nowMs) / 2).toISOString();
}
