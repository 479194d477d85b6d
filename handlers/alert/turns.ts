/** Mails of an alert that wait for their address's turn, since others go to the same person first. */
import { WAITED_FOR_MS } from '../mail/pace.ts';
import type { Alert } from './alert.ts';

/** How long before its turn a mail is taken up again: what a state and a cold start take, within what the function itself waits for. */
export const WAKE_AHEAD_SECONDS = 2;

/** The next turn of the present step's mails, ISO 8601 UTC; undefined when none waits. */
export function nextTurn({ step, round }: Alert): string | undefined {
  const { turns, mailed, unreachable } = step;
  const done = [...mailed, ...round.declined, ...unreachable];
  return Object.entries(turns)
    .filter(([whom]) => !done.includes(whom))
    .map(([, turnAt]) => turnAt)
    .sort()
    .at(0);
}

/** True when the next turn is too far ahead for a function to wait for it. */
export function isTurnAhead(alert: Alert, now: string): boolean {
  const turnAt = nextTurn(alert);
  return turnAt !== undefined && Date.parse(turnAt) - Date.parse(now) > WAITED_FOR_MS;
}
