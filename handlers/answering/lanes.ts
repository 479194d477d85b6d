/** Which lanes a PIN uses a try of: by whose PIN is guessed, where, and in which browser. */
import { createHmac } from 'node:crypto';
import type { Clinician } from '../on-call/roster.ts';
import type { KnownBrowser } from './known-browser.ts';
import { type Allowance, allowances } from './lockout.ts';

/** One item of the table each: a flood in one lane cannot hold up another. */
export type PinLane = { pk: string; allowance: Allowance };

/** Where a PIN is given: on the newest page that its owner was sent about an open alert, or anywhere else. */
export type PinGivenOn = 'newestPage' | 'elsewhere';

/** No clinician's id has a dot. */
const OF_ALL = 'PIN#.everybody';

/** All of the hospital's newest pages together: what the operations may fill up once a month. */
export const newestPagesOfAll = lane(OF_ALL, 'newestPage', allowances.newestPageOfAll);

/** A clinician's own, which may be filled up at any time: what a guesser has in all is bounded by the hospital's. */
export function ownLanes(whose: string): PinLane[] {
  return [...lanesOf(whose, 'newestPage'), ...lanesOf(whose, 'elsewhere')].filter(({ pk }) =>
    pk.startsWith(`${whose}#`),
  );
}

/** `whose`: a clinician's key, or one from `nobodysKey`. */
export function lanesOf(whose: string, givenOn: PinGivenOn): PinLane[] {
  const { newestPage, elsewhere, elsewhereSoon, elsewhereOfAll } = allowances;
  if (givenOn === 'newestPage') return [lane(whose, 'newestPage', newestPage), newestPagesOfAll];
  return [
    lane(whose, 'elsewhereSoon', elsewhereSoon),
    lane(whose, 'elsewhere', elsewhere),
    lane(OF_ALL, 'elsewhere', elsewhereOfAll),
  ];
}

/**
 * The lane of a known browser, which no guesser elsewhere uses up. A colleague's browser counts too, as a ward's computer
 * does; all that is guessed of others in the browsers of one clinician counts together, or who has a PIN had tries at will.
 */
export function browserLane(browser: KnownBrowser, who: Pick<Clinician, 'id'> | undefined): PinLane {
  const name = browser.clinicianId === who?.id ? `browser ${browser.id}` : 'others';
  return lane(clinicianKey({ id: browser.clinicianId }), name, allowances.knownBrowser);
}

export function clinicianKey({ id }: Pick<Clinician, 'id'>): string {
  return `PIN#${id}`;
}

/**
 * Where tries under a name count that nobody bears: as a colleague's would, or the locks would tell which names are real.
 * 4,096 of them, so that made-up names do not fill the table.
 */
export function nobodysKey(key: Buffer, name: string): string {
  const digest = createHmac('sha256', key)
    .update(JSON.stringify(['nobody', name]))
    .digest('hex');
  return `PIN#.nobody-${digest.slice(0, 3)}`;
}

function lane(whose: string, name: string, allowance: Allowance): PinLane {
  return { pk: `${whose}#${name}`, allowance };
}
