/** Whether somebody's PIN is right: tried only where it may be, counted before it is checked, and remembered in the browser. */
import { randomBytes } from 'node:crypto';
import { browserCookie, knownBrowser } from '../answering/known-browser.ts';
import {
  type Browser,
  browserLane,
  clinicianKey,
  lanesOf,
  nobodysKey,
  type Place,
} from '../answering/lanes.ts';
import { spelled, whoIs } from '../answering/who.ts';
import type { Clinician } from '../on-call/roster.ts';
import { isTrivialPin } from '../on-call/trivial-pin.ts';
import { type Attempt, countAttempt, giveBackAttempt, type Locked } from './attempt-store.ts';
import { logger, metrics } from './logger.ts';
import { nobodysPin, pinMatches } from './pin.ts';
import type { AnswerKeys } from './secrets.ts';

/** As unguessable as a page's id; whoever knows it still needs the cookie's signature. */
const BROWSER_ID_BYTES = 12;

/** What somebody says of themselves. */
type Claim = { name: string | undefined; pin: string; cookies: readonly string[] };

export type Tried =
  | { is: 'right'; clinician: Clinician; cookie: string }
  /** `left`: further tries before none is taken for a while; `lock`: none from now on. */
  | { is: 'wrong'; left: number; lock?: Locked }
  | { is: 'refused'; lock: Locked };

type Door = { tableName: string; keys: AnswerKeys; now: string };

/**
 * Tries the PIN of the candidate whose id or initials `name` is. A name that is nobody's among them costs as much, counts
 * as much and is answered as a wrong PIN is. `about`: the ids that the log names it by.
 */
export async function tryPin(
  { tableName, keys, now }: Door,
  candidates: readonly Clinician[],
  { name, pin, cookies }: Claim,
  place: (who: Clinician | undefined) => Place,
  about: Record<string, string>,
): Promise<Tried> {
  const who = whoIs(candidates, name);
  const whose = who ? clinicianKey(who) : nobodysKey(keys.formKey, spelled(name));
  const browser = browserOf(keys, who ? [who, ...candidates] : candidates, cookies, now);
  const attempt =
    (browser && (await attemptIn(browser, who, tableName, now))) ??
    (await countAttempt(tableName, lanesOf(whose, place(who)), now));
  const told = { ...about, ...(who && { clinicianId: who.id }) };
  if ('locked' in attempt) {
    tellOperations('pin-refused', attempt.locked, told);
    return { is: 'refused', lock: attempt.locked };
  }
  const isRight = await pinMatches(pin, keys.pepper, who?.pinHash ?? nobodysPin(candidates));
  if (who && isRight) {
    await giveBackAttempt(tableName, attempt);
    const known = browser?.knownFor.id === who.id ? browser.id : undefined;
    const id = known ?? randomBytes(BROWSER_ID_BYTES).toString('base64url');
    return { is: 'right', clinician: who, cookie: browserCookie(keys.formKey, who.id, id, now) };
  }
  return wrong(tableName, attempt, pin, told);
}

/** Undefined when the browser's own tries are used up: then it counts as any other, so they bring no lock. */
async function attemptIn(
  browser: Browser,
  who: Clinician | undefined,
  tableName: string,
  now: string,
): Promise<Attempt | undefined> {
  const attempt = await countAttempt(tableName, [browserLane(browser, who)], now);
  if ('locked' in attempt) return undefined;
  return { at: attempt.at, counts: attempt.counts, left: Number.POSITIVE_INFINITY };
}

/** The browser, if the PIN of the first of these people who say so by a cookie was right in it. */
function browserOf(
  { formKey }: AnswerKeys,
  people: readonly Clinician[],
  cookies: readonly string[],
  now: string,
): Browser | undefined {
  for (const knownFor of cookies.length > 0 ? people : []) {
    const id = knownBrowser(formKey, knownFor.id, cookies, now);
    if (id !== undefined) return { id, knownFor };
  }
  return undefined;
}

/** A PIN that a roster may not give anybody tells a guesser nothing: what scanners fill in uses nobody's tries up. */
async function wrong(
  tableName: string,
  attempt: Attempt,
  pin: string,
  told: Record<string, string>,
): Promise<Tried> {
  const { left, lock } = attempt;
  metrics.addMetric('WrongPins', 'Count', 1);
  tellOperations('pin-wrong', lock, told);
  if (isTrivialPin(pin)) await giveBackAttempt(tableName, attempt);
  return { is: 'wrong', left, ...(lock && { lock }) };
}

function tellOperations(code: string, lock: Locked | undefined, told: Record<string, string>): void {
  logger.warn(code, { ...told, locked: lock !== undefined });
  if (lock?.usedUp) metrics.addMetric('PinTriesUsedUp', 'Count', 1);
}
