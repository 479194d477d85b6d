/** How often a PIN may be tried on a page. An attempt is counted before the PIN is checked, so that many at once gain nothing. */
import type { Page } from '../alert/alert.ts';

/** DESIGN: five wrong ones stop PINs on the page for 60 seconds. Of a million PINs that is 7,200 guesses a day and page. */
const MOST_WRONG_PINS = 5;
const LOCKED_MS = 60_000;

type Attempts = Pick<Page, 'wrongPins' | 'lockedUntil'>;

/** The count with this attempt taken for a wrong one, or until when none is taken. */
export function takeAttempt(
  { wrongPins, lockedUntil }: Attempts,
  now: string,
): { counted: Attempts } | { lockedUntil: string } {
  if (lockedUntil !== null && now < lockedUntil) return { lockedUntil };
  const count = lockedUntil === null ? wrongPins + 1 : 1;
  const locks = count >= MOST_WRONG_PINS;
  const until = locks ? new Date(Date.parse(now) + LOCKED_MS).toISOString() : null;
  return { counted: { wrongPins: count, lockedUntil: until } };
}

/** How many more wrong ones are taken. */
export function attemptsLeft({ wrongPins }: Attempts): number {
  return Math.max(0, MOST_WRONG_PINS - wrongPins);
}
