/** Whether somebody's PIN is right: tried only where it may be, counted before it is checked, and remembered in the browser. */
import { randomBytes } from 'node:crypto';
import { browserCookies, type KnownBrowser, knownBrowsers } from '../answering/known-browser.ts';
import { browserLane, clinicianKey, lanesOf, nobodysKey, type Place } from '../answering/lanes.ts';
import { spelled, whoIs } from '../answering/who.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import { isTrivialPin } from '../on-call/trivial-pin.ts';
import { type Attempt, countAttempt, giveBackAttempt, type Locked } from './attempt-store.ts';
import { logger, metrics } from './logger.ts';
import { nobodysPin, pinMatches } from './pin.ts';
import type { AnswerKeys } from './secrets.ts';

/** As unguessable as a page's id; whoever knows it still needs the cookie's signature. */
const BROWSER_ID_BYTES = 12;

/** What somebody says of themselves, and the people whom the door is for: initials that many bear are taken for theirs. */
type Claim = {
  name: string | undefined;
  pin: string;
  cookies: readonly string[];
  expected: readonly Clinician[];
};

export type Tried =
  /** Whoever it is of the whole roster: whether they may do here what they want is the door's to say. */
  | { is: 'right'; who: Clinician; cookies: string[] }
  /** `who`: whose PIN it was said to be; `lock`: no other is taken from now on. */
  | { is: 'wrong'; who: Clinician | undefined; lock?: Locked }
  | { is: 'refused'; who: Clinician | undefined; lock: Locked };

type Door = { tableName: string; keys: AnswerKeys; now: string; roster: Roster };

/**
 * Tries the PIN of the clinician whose id or initials `name` is. A name that nobody bears costs as much, counts as much and is
 * answered as a wrong PIN is. `about`: the ids that the log names it by.
 */
export async function tryPin(
  door: Door,
  { name, pin, cookies, expected }: Claim,
  place: (who: Clinician | undefined) => Place,
  about: Record<string, string>,
): Promise<Tried> {
  const { tableName, keys, now, roster } = door;
  const { clinicians } = roster;
  const who = whoIs(clinicians, name) ?? whoIs(expected, name);
  const told = { ...about, ...(who && { clinicianId: who.id }) };
  const nobodys = nobodysPin(clinicians);
  if (isTrivialPin(pin)) {
    // No roster gives it, so it tells a guesser nothing, and what scanners fill in uses up nobody's tries.
    await pinMatches(pin, keys.pepper, nobodys);
    return wrong(who, undefined, { ...told, trivial: true });
  }
  const browsers = browsersOf(door, who, cookies);
  const whose = who ? clinicianKey(who) : nobodysKey(keys.formKey, spelled(name));
  const attempt =
    (await countInBrowser(tableName, browsers, who, now)) ??
    (await countAttempt(tableName, lanesOf(whose, place(who)), now));
  if ('locked' in attempt) {
    tellOperations('pin-refused', attempt.locked, told);
    return { is: 'refused', who, lock: attempt.locked };
  }
  const isRight = await pinMatches(pin, keys.pepper, who?.pinHash ?? nobodys);
  if (!who || !isRight) return wrong(who, attempt.lock, told);
  await giveBackAttempt(tableName, attempt, now);
  const known = browsers.find(({ clinicianId }) => clinicianId === who.id);
  const id = known?.id ?? randomBytes(BROWSER_ID_BYTES).toString('base64url');
  return {
    is: 'right',
    who,
    cookies: browserCookies(keys.formKey, { id, clinicianId: who.id }, cookies, now),
  };
}

/** As whose browser it is known, who says to use it first; people who have left the roster do not count. */
function browsersOf(
  { keys, now, roster }: Door,
  who: Clinician | undefined,
  cookies: readonly string[],
): KnownBrowser[] {
  const known = knownBrowsers(keys.formKey, cookies, now).filter(({ clinicianId }) =>
    roster.clinicians.some(({ id }) => id === clinicianId),
  );
  return known.sort((a, b) => Number(b.clinicianId === who?.id) - Number(a.clinicianId === who?.id));
}

/** In the first of the browser's lanes that has a try left. When none has, it counts as any other browser, so they bring no lock. */
async function countInBrowser(
  tableName: string,
  browsers: readonly KnownBrowser[],
  who: Clinician | undefined,
  now: string,
): Promise<Attempt | undefined> {
  for (const browser of browsers) {
    const attempt = await countAttempt(tableName, [browserLane(browser, who)], now);
    if (!('locked' in attempt)) return { lanes: attempt.lanes };
  }
  return undefined;
}

function wrong(who: Clinician | undefined, lock: Locked | undefined, told: Record<string, unknown>): Tried {
  metrics.addMetric('WrongPins', 'Count', 1);
  tellOperations('pin-wrong', lock, told);
  return { is: 'wrong', who, ...(lock && { lock }) };
}

function tellOperations(code: string, lock: Locked | undefined, told: Record<string, unknown>): void {
  logger.warn(code, { ...told, locked: lock !== undefined });
  if (lock?.usedUp) metrics.addMetric('PinTriesUsedUp', 'Count', 1);
}
