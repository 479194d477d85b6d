/** Which patients a message says that its patient is one of, in the words of its sender. */
import type { Cohort } from '../clinical/reading.ts';
import type { Facts } from './facts.ts';
import { plainName } from './field-names.ts';
import { isSaid } from './measurement.ts';

/** `isUnknown`: something is said, and nobody here knows what it means. */
export type CohortSaid = { cohort: Cohort | null; isUnknown: boolean };

/** By the beginnings of words, wherever they stand: "Adult, pregnant" is judged as pregnant. */
const words: readonly [RegExp, Cohort][] = [
  [/^(?:non?|not)(?:pregnan|obstet|matern)/, 'adult'],
  [
    /obstet|obgyn|^ob$|matern|pregnan|gravid|(?:ante|pre|peri|post)(?:natal|part)|intrapart|puerper|labou?r(?!ator)|eclamp/,
    'obstetric',
  ],
  [
    /^ld(?:rp?)?$|deliver|birth|mother|schwanger|geburt|wochnerin|enceinte|grossesse|embaraz|gestant|incinta/,
    'obstetric',
  ],
  [
    /^(?:child|p(?:a)?ed|neo|infan|newborn|baby|babies|toddler|kind|enfant|nicu|picu|preterm|prematur)/,
    'child',
  ],
  [
    /^(?:adult|adolescent|teen|geriatr|elder|senior|male|man|m$|inpatient|outpatient|general|standard)/,
    'adult',
  ],
  // An age, or two between which it lies: "65+", "18-64".
  [/^(?:1[3-9]|[2-9]\d){1,2}(?:years?|yrs?|y)?$/, 'adult'],
];
const NO = new Set(['false', 'no', 'n', '0', 'unknown', 'na', 'none', 'null', 'negative']);
const YES = new Set(['true', 'yes', 'y', '1']);

/** The most particular that is said; of several words one that is known. */
export function cohortIn({ pregnant = [], cohort = [] }: Facts): CohortSaid {
  const said = [
    ...pregnant.map(({ value }) => (YES.has(wordOf(value)) ? 'pregnant' : value)),
    ...cohort.map(({ value }) => value),
  ].filter((value) => isSaid(value) && !NO.has(wordOf(value)));
  const known = said.map((value) => words.find(([pattern]) => pattern.test(wordOf(value)))?.[1]);
  const isOf = (one: Cohort) => known.includes(one);
  const found = isOf('obstetric') ? 'obstetric' : isOf('child') ? 'child' : isOf('adult') ? 'adult' : null;
  return { cohort: found, isUnknown: found === null && said.length > 0 };
}

function wordOf(value: unknown): string {
  return plainName(String(typeof value === 'object' ? '' : value));
}
