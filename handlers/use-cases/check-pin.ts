/** Whether somebody's PIN is right: tried only where it may be, counted before it is checked, and remembered in the browser. */
import { randomBytes } from 'node:crypto';
import { browserCookies, type KnownBrowser, knownBrowsers } from '../answering/known-browser.ts';
import { browserLane, clinicianKey, lanesOf, nobodysKey, type PinGivenOn } from '../answering/lanes.ts';
import { spelled, whoIs } from '../answering/who.ts';
import { giveBackTries, type Lockout, type UsedTries, useTries } from '../aws/dynamodb/lockout-store.ts';
import type { AnswerKeys } from '../aws/secrets.ts';
import type { Clinician, Roster } from '../on-call/roster.ts';
import { isTrivialPin } from '../on-call/trivial-pin.ts';
import { logger, metrics } from '../runtime/logger.ts';
import { nobodysPin, pinMatches } from '../runtime/pin.ts';

/** As unguessable as a page's id; whoever knows it still needs the cookie's signature. */
const BROWSER_ID_BYTES = 12;

/** What somebody says of themselves, and the people whom the page is for: initials that many bear are taken for theirs. */
type Credentials = {
  name: string | undefined;
  pin: string;
  cookies: readonly string[];
  expected: readonly Clinician[];
};

export type PinCheck =
  /** Whoever it is of the whole roster: whether they may do here what they want is the page's to say. */
  | { is: 'right'; who: Clinician; cookies: string[] }
  /** `who`: whose PIN it was said to be; `lockout`: no other is taken from now on. */
  | { is: 'wrong'; who: Clinician | undefined; lockout?: Lockout }
  | { is: 'refused'; who: Clinician | undefined; lockout: Lockout };

type CheckedBy = { tableName: string; keys: AnswerKeys; now: string; roster: Roster };

/**
 * Tries the PIN of the clinician whose id or initials `name` is. A name that nobody bears costs as much, counts as much and is
 * answered as a wrong PIN is. `about`: the ids that the log names it by.
 */
export async function checkPin(
  checkedBy: CheckedBy,
  { name, pin, cookies, expected }: Credentials,
  givenOn: (who: Clinician | undefined) => PinGivenOn,
  about: Record<string, string>,
): Promise<PinCheck> {
  const { tableName, keys, now, roster } = checkedBy;
  const { clinicians } = roster;
  const who = whoIs(clinicians, name) ?? whoIs(expected, name);
  const logged = { ...about, ...(who && { clinicianId: who.id }) };
  const nobodys = nobodysPin(clinicians);
  if (isTrivialPin(pin)) {
    // No roster gives it, so it tells a guesser nothing, and what scanners fill in uses up nobody's tries.
    await pinMatches(pin, keys.pepper, nobodys);
    return wrong(who, undefined, { ...logged, trivial: true });
  }
  const browsers = browsersOf(checkedBy, who, cookies);
  const whose = who ? clinicianKey(who) : nobodysKey(keys.formKey, spelled(name));
  const used =
    (await useTryOfBrowser(tableName, browsers, who, now)) ??
    (await useTries(tableName, lanesOf(whose, givenOn(who)), now));
  if ('lockedOut' in used) {
    log('pin-refused', used.lockedOut, logged);
    return { is: 'refused', who, lockout: used.lockedOut };
  }
  const isRight = await pinMatches(pin, keys.pepper, who?.pinHash ?? nobodys);
  if (!who || !isRight) return wrong(who, used.lockout, logged);
  await giveBackTries(tableName, used, now);
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
  { keys, now, roster }: CheckedBy,
  who: Clinician | undefined,
  cookies: readonly string[],
): KnownBrowser[] {
  const known = knownBrowsers(keys.formKey, cookies, now).filter(({ clinicianId }) =>
    roster.clinicians.some(({ id }) => id === clinicianId),
  );
  return known.sort((a, b) => Number(b.clinicianId === who?.id) - Number(a.clinicianId === who?.id));
}

/** In the first of the browser's lanes that has a try left. When none has, it counts as any other browser, so they bring no lockout. */
async function useTryOfBrowser(
  tableName: string,
  browsers: readonly KnownBrowser[],
  who: Clinician | undefined,
  now: string,
): Promise<UsedTries | undefined> {
  for (const browser of browsers) {
    const used = await useTries(tableName, [browserLane(browser, who)], now);
    if (!('lockedOut' in used)) return { lanes: used.lanes };
  }
  return undefined;
}

function wrong(
  who: Clinician | undefined,
  lockout: Lockout | undefined,
  logged: Record<string, unknown>,
): PinCheck {
  metrics.addMetric('WrongPins', 'Count', 1);
  log('pin-wrong', lockout, logged);
  return { is: 'wrong', who, ...(lockout && { lockout }) };
}

function log(code: string, lockout: Lockout | undefined, logged: Record<string, unknown>): void {
  logger.warn(code, { ...logged, locked: lockout !== undefined });
  if (lockout?.usedUp) metrics.addMetric('PinTriesUsedUp', 'Count', 1);
}
