/** In which lanes an attempt counts: by whose PIN is guessed, from where, and in which browser. */
import { createHmac } from 'node:crypto';
import type { Clinician } from '../on-call/roster.ts';
import { type Allowance, allowances } from './attempts.ts';

/** One count on one item of the table. */
export type Lane = { pk: string; name: string; allowance: Allowance };

/** Where a PIN is given: on the newest page that its owner was sent, anywhere else, or on a report. */
export type Place = { is: 'newest page' } | { is: 'elsewhere' } | { is: 'report'; reportId: string };

/** No clinician's id has a dot. */
const OF_ALL = 'PIN#.everybody';
const reportKey = (reportId: string) => `PIN#.report-${reportId}`;

/** `whose`: as `whoIs` found them, or a key from `nobodysKey`. */
export function lanesOf(whose: string, place: Place): Lane[] {
  const { newestPage, newestPagesOfAll, elsewhere, elsewhereOfAll, report } = allowances;
  if (place.is === 'newest page') {
    return [
      { pk: whose, name: 'newestPage', allowance: newestPage },
      { pk: OF_ALL, name: 'newestPage', allowance: newestPagesOfAll },
    ];
  }
  const lanes = [
    { pk: whose, name: 'elsewhere', allowance: elsewhere },
    { pk: OF_ALL, name: 'elsewhere', allowance: elsewhereOfAll },
  ];
  if (place.is === 'elsewhere') return lanes;
  return [...lanes, { pk: reportKey(place.reportId), name: 'report', allowance: report }];
}

/** A browser in which this clinician's PIN has been right. */
export type Browser = { id: string; knownFor: Pick<Clinician, 'id'> };

/**
 * The lane of a known browser, which no guesser elsewhere uses up. A colleague's browser counts too, as a ward's computer
 * does; all that is guessed of others in the browsers of one clinician counts together, or who has a PIN had tries at will.
 */
export function browserLane({ id, knownFor }: Browser, who: Pick<Clinician, 'id'> | undefined): Lane {
  const name = knownFor.id === who?.id ? `browser ${id}` : 'others';
  return { pk: clinicianKey(knownFor), name, allowance: allowances.knownBrowser };
}

export function clinicianKey({ id }: Pick<Clinician, 'id'>): string {
  return `PIN#${id}`;
}

/**
 * Where attempts under a name count that nobody bears: as a colleague's would, or the locks would tell which names are real.
 * 4,096 of them, so that made-up names do not fill the table.
 */
export function nobodysKey(key: Buffer, name: string): string {
  const digest = createHmac('sha256', key)
    .update(JSON.stringify(['nobody', name]))
    .digest('hex');
  return `PIN#.nobody-${digest.slice(0, 3)}`;
}
