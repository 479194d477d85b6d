/**
 * How often a PIN may be tried, and where (infra/decisions/0013-guessing.md). Wrong PINs are counted in lanes: by clinician,
 * and once more for the whole hospital, so that more links, nights and colleagues give a guesser no more tries. An attempt
 * is counted before its PIN is checked, so that many at once gain nothing.
 */

/** Days for which a wrong PIN counts, with its own: wherever a month of 31 days begins, its first wrong PIN counts to its end. */
const REMEMBERED_DAYS = 32;
const DAY_MS = 86_400_000;

/** The wrong PINs of one lane, by UTC day (`2026-11-24`), and when the last one was given (ISO 8601 UTC). */
export type WrongPins = { byDay: Record<string, number>; lastAt: string };

export type Allowance = {
  /** So many wrong ones within a month. */
  most: number;
  /** Whether the tries become slower: on somebody's newest page nothing keeps the right PIN waiting. */
  slows: boolean;
};

/**
 * In all 600 + 300 wrong PINs are checked in a month, whomever they are aimed at: 900 of some 994,000 PINs that are given
 * out is 0.09%. One mailbox may use a quarter of the first; 8 elsewhere are more than a person mistypes.
 */
export const allowances = {
  newestPage: { most: 150, slows: false },
  newestPagesOfAll: { most: 600, slows: false },
  elsewhere: { most: 8, slows: true },
  elsewhereOfAll: { most: 300, slows: false },
  /** A report's link goes to many; its readers are few. */
  report: { most: 8, slows: true },
  /** In a browser where a PIN has been right before: ten, for who has that very browser in hand. */
  knownBrowser: { most: 10, slows: false },
} as const satisfies Record<string, Allowance>;

/** So many are free; then each wait is longer than the one before. */
export const FREE_TRIES = 5;
const WAITS_SECONDS = [60, 600, 3600];

/** When the lane takes the next attempt; undefined when it takes one now. */
export function nextTryAt(
  wrong: WrongPins | undefined,
  allowance: Allowance,
  now: string,
): string | undefined {
  const count = countOf(wrong, now);
  if (!wrong || count === 0) return undefined;
  if (count >= allowance.most) return whenForgotten(wrong, count - allowance.most, now);
  const waitSeconds = allowance.slows ? (WAITS_SECONDS[count - FREE_TRIES] ?? 0) : 0;
  const at = new Date(Date.parse(wrong.lastAt) + waitSeconds * 1000).toISOString();
  return now < at ? at : undefined;
}

/** The lane with one more wrong PIN; days that are forgotten are left out. */
export function counted(wrong: WrongPins | undefined, now: string): WrongPins {
  const byDay = remembered(wrong, now);
  const today = dayOf(now);
  return { byDay: { ...byDay, [today]: (byDay[today] ?? 0) + 1 }, lastAt: now };
}

/** The lane without the attempt made at `at`, which was none of a guesser's; the wait goes on from the one `before` it. */
export function uncounted(
  wrong: WrongPins,
  at: string,
  before: WrongPins | undefined,
): WrongPins | undefined {
  const day = dayOf(at);
  const { [day]: count = 1, ...others } = wrong.byDay;
  const byDay = count > 1 ? { ...others, [day]: count - 1 } : others;
  if (Object.keys(byDay).length === 0) return undefined;
  return { byDay, lastAt: wrong.lastAt === at ? (before?.lastAt ?? at) : wrong.lastAt };
}

/** Wrong PINs that still count. */
export function countOf(wrong: WrongPins | undefined, now: string): number {
  return Object.values(remembered(wrong, now)).reduce((sum, count) => sum + count, 0);
}

function remembered(wrong: WrongPins | undefined, now: string): Record<string, number> {
  const oldest = dayOf(new Date(Date.parse(now) - (REMEMBERED_DAYS - 1) * DAY_MS).toISOString());
  return Object.fromEntries(Object.entries(wrong?.byDay ?? {}).filter(([day]) => day >= oldest));
}

/** The midnight after which more than `tooMany` of them are forgotten. */
function whenForgotten(wrong: WrongPins, tooMany: number, now: string): string {
  let gone = 0;
  for (const [day, count] of Object.entries(remembered(wrong, now)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    gone += count;
    if (gone > tooMany) return new Date(Date.parse(day) + REMEMBERED_DAYS * DAY_MS).toISOString();
  }
  return now;
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
