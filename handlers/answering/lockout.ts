/**
 * How often a PIN may be tried, and where (decisions/0013). Wrong PINs use up the tries of lanes: a
 * clinician's, and once more the whole hospital's, so that more links, nights and colleagues give a guesser no more of them.
 *
 * A lane has so many tries at once, and one more each so often. Its tries are numbered by the clock: the number of the
 * present stretch of time and those before it have lapsed, the next `atOnce` may be used. What is stored is the number that
 * was used last, so that a try is counted by one write, whatever other instances count meanwhile and whatever their clocks say.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export type Allowance = {
  atOnce: number;
  /** Then one more each so often. */
  everyMs: number;
  /** Only makes tries slower: nobody has to be told when they are used up. */
  slows?: true;
  /** Of a lane that cannot be read any more: none, unless that would lock out the whole hospital. */
  leftIfUnreadable?: number;
};

/**
 * Of 31 days a guesser has at most 60 + 31 * 20 = 680 PINs checked on newest pages, and 40 + 31 * 6 = 226 elsewhere; and the
 * operations may fill up the 60 once a month. Whomever they are aimed at, that is 966 of some 994,000 PINs that are given
 * out: 0.097%. The hospital's lanes may begin with a quarter once, if nobody can read how much was used: 25 more, 0.0996%.
 */
export const allowances = {
  /** One mailbox may use half of what comes back to the hospital. */
  newestPage: { atOnce: 25, everyMs: 2.4 * HOUR_MS },
  /** 60 right ones at once use up none: the API lets 1,000 requests a second through, of 50 ms each. */
  newestPageOfAll: { atOnce: 60, everyMs: 1.2 * HOUR_MS, leftIfUnreadable: 15 },
  /** A try waits for nothing, then for ten minutes, then for eight hours: more than a person mistypes. */
  elsewhere: { atOnce: 8, everyMs: 8 * HOUR_MS },
  elsewhereSoon: { atOnce: 5, everyMs: 10 * MINUTE_MS, slows: true },
  elsewhereOfAll: { atOnce: 40, everyMs: 4 * HOUR_MS, leftIfUnreadable: 10 },
  /** In a browser where a PIN has been right before: 15 a month, for who has that very browser in hand. */
  knownBrowser: { atOnce: 10, everyMs: 7 * 24 * HOUR_MS },
} as const satisfies Record<string, Allowance>;

/** The number of the newest try that has lapsed, and of the last one that may be used. */
export function triesAt({ atOnce, everyMs }: Allowance, now: string): { lapsed: number; last: number } {
  const lapsed = Math.floor(Date.parse(now) / everyMs);
  return { lapsed, last: lapsed + atOnce };
}

/** Whether none is left after the try `lastUsed`; undefined when none was ever used. */
export function isUsedUp(lastUsed: number | undefined, allowance: Allowance, now: string): boolean {
  return lastUsed !== undefined && lastUsed >= triesAt(allowance, now).last;
}

/** When a lane that is used up takes the next try, ISO 8601 UTC. */
export function nextTryAt(allowance: Allowance, now: string): string {
  return new Date((triesAt(allowance, now).lapsed + 1) * allowance.everyMs).toISOString();
}
