/** A measurement that may be read in several ways is what it may be at its worst. */
import { choosePolicy, type WardPolicies } from '../clinical/choose-policy.ts';
import { isWorseJudged, type Judgement, judge } from '../clinical/judge.ts';
import type { Reading } from '../clinical/reading.ts';
import type { Pair } from './measurement.ts';

export type Judged = { reading: Reading; judgement: Judgement };

/** As bad as any of its pairs reads, by the limits of any patient whom it may be of. */
export function worstOf(reading: Reading, pairs: readonly Pair[], hospital: WardPolicies): Judged {
  // What says one thing, and assumes nothing, can be read in one way only.
  if (pairs.length === 1 && reading.assumed.length === 0) return judgedBy(hospital, reading);
  return pairs
    .map((pressures) => ({ ...reading, ...pressures }))
    .flatMap((it) => cohortsOf(it).map((cohort) => judgedBy(hospital, { ...it, cohort })))
    .reduce(worse);
}

/** Whose limits it may be judged by; where nobody knows the word for the patients, by those for two kinds of them. */
function cohortsOf({ cohort, assumed }: Reading): Reading['cohort'][] {
  return cohort === 'adult' && assumed.includes('cohort') ? ['adult', 'obstetric'] : [cohort];
}

function judgedBy(hospital: WardPolicies, reading: Reading): Judged {
  return { reading, judgement: judge(reading, choosePolicy(reading, hospital)) };
}

/** Of two alike the first. */
function worse(one: Judged, other: Judged): Judged {
  return isWorseJudged(other.judgement, one.judgement) ? other : one;
}
