/** Which patients a message says that its patient is one of, in the words of its sender. */
import type { Cohort } from '../clinical/reading.ts';
import type { Fact, Facts } from './facts.ts';
import { plainName } from './field-names.ts';
import { Repeated } from './json-text.ts';
import { isRecord, isSaid } from './measurement.ts';

/** `isUnknown`: something is said, and nobody here knows what it means. */
export type CohortSaid = { cohort: Cohort | null; isUnknown: boolean };

/** By the beginnings of words, wherever they stand: "Adult, pregnant" is judged as pregnant. */
const ofPregnancy: readonly [RegExp, Cohort][] = [
  [/^(?:non?|not|never)(?:known|currently|now)?(?:pregnan|obstet|matern)/, 'adult'],
  [
    /obstet|obgyn|^ob$|matern|pregnan|gravid|(?:ante|pre|peri|post)(?:natal|part)|intrapart|puerper|labou?r(?!ator)|eclamp|trimester/,
    'obstetric',
  ],
  [
    /^ld(?:rp?)?$|deliver|birth|mother|schwanger|geburt|wochnerin|enceinte|grossesse|embaraz|gestant|incinta/,
    'obstetric',
  ],
];
const words: readonly [RegExp, Cohort][] = [
  ...ofPregnancy,
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
/** What denies a pregnancy, and else says what the patient is. */
const DENIED = new Set([
  ...['neg', 'never', 'male', 'm', 'unk', 'notknown', 'notasked', 'nottested', 'notapplicable', 'nullipara'],
  ...['postmenopausal', 'menopause', 'nein', 'non', 'nicht', 'nee', 'nej'],
]);
const YES = new Set(['true', 'yes', 'y', '1', 'positive', 'pos', 'confirmed', 'current', 'active']);
/** Fields in which an object says what it is. */
const SAID_IN = ['value', 'status', 'result', 'text', 'display', 'code', 'type', 'name'];

/**
 * The most particular that is said; of several words one that is known. What is said of a pregnancy, and neither denies it nor
 * is understood, may be one, whatever the patient is called: then both an adult's limits and an obstetric patient's count.
 */
export function cohortIn({ pregnant = [], cohort = [] }: Facts): CohortSaid {
  const pregnancies = pregnant.flatMap((fact) =>
    saidBy([fact])
      .filter((word) => !DENIED.has(word))
      .map((word) => (YES.has(word) || isCount(fact, word) ? 'obstetric' : calledBy(ofPregnancy, word))),
  );
  const called = saidBy(cohort).map((word) => calledBy(words, word));
  const known = [...called, ...pregnancies];
  const found = (['obstetric', 'child', 'adult'] as const).find((one) => known.includes(one)) ?? null;
  if (found !== 'obstetric' && pregnancies.includes(undefined)) return { cohort: 'adult', isUnknown: true };
  return { cohort: found, isUnknown: found === null && called.length > 0 };
}

/** Of weeks, or of trimesters: nobody counts them of somebody else. */
function isCount({ name }: Fact, word: string): boolean {
  return /weeks|trimester/.test(plainName(name)) && /^\d{1,2}$/.test(word);
}

function calledBy(patterns: typeof words, word: string): Cohort | undefined {
  return patterns.find(([pattern]) => pattern.test(word))?.[1];
}

/** What is said and is no "no", in small letters and digits alone. */
function saidBy(facts: readonly Fact[]): string[] {
  return facts
    .flatMap(({ value }) => textsIn(value))
    .filter((text) => isSaid(text) && !NO.has(plainName(text)))
    .map(plainName);
}

function textsIn(value: unknown): string[] {
  if (value instanceof Repeated) return value.values.flatMap(textsIn);
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isRecord(value)) return isSaid(value) ? [String(value)] : [];
  const name = SAID_IN.find((it) => it in value);
  return name === undefined ? (Object.keys(value).length > 0 ? ['unclear'] : []) : textsIn(value[name]);
}
