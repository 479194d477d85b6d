/** Both pressures in one text, as people write them: "205/124", "BP 205 / 124 mmHg (151)", "27,3/16,5 kPa". */
import { mmHgIn, nothing, type PressureSaid, pressureOf, together } from './pressure-value.ts';

/** Systolic, diastolic, mean. */
export type PairSaid = [PressureSaid, PressureSaid, PressureSaid];

/** Longer than any text of two pressures alone, and than any with a remark beside them. */
const TEXT_CHARACTERS = 60;
const REMARK_CHARACTERS = 200;

const value = '(\\d{1,3}(?:[.,]\\d+)?)';
const ALONE = RegExp(
  `^(?:[a-z]{0,6}bp|blood pressure|rr|ta)?[:= ]*${value} ?(?:/|over) ?${value} ?` +
    `([a-z][a-z []*[a-z]\\]?)?[,;/ ]*(?:\\(?(map|mean|m)?[:= ]*${value}\\)?)?$`,
  'i',
);
/** Two numbers with a dash between, in what is called a blood pressure; in any other it is a range. */
const DASHED = RegExp(`^${value} ?[-–] ?${value}(?: ?([a-z]+(?:\\[hg\\])?))?$`, 'i');
/** What is lower is no pressure, and the second part of a day or a range. */
const LEAST_MMHG = 20;
/** Nothing that a date or a longer number is part of. */
const ANYWHERE = RegExp(
  `(?<![\\d/.,-])${value} ?(?:/|over) ?${value}(?![\\d/-]) ?([a-z]+(?:\\[hg\\])?)?`,
  'gi',
);
const MEAN = RegExp(`\\b(?:map|mean|m)[:= ]*${value}`, 'i');
/** By palpation there is no diastolic pressure. */
const PALPATED = RegExp(`(?<![\\d/.,-])${value} ?(?:/|over) ?p(?:alp\\w*)?\\b`, 'i');

/** Where the text is nothing else: what stands behind the numbers is a unit, and a third one lies between them. Null: no such text. */
export function pairIn(said: unknown, unitAround?: string): PairSaid | null {
  if (typeof said !== 'string' || said.length > TEXT_CHARACTERS) return null;
  const [, systolic, diastolic, word = '', label, third] = ALONE.exec(said.normalize('NFKC').trim()) ?? [];
  const unit = word.trim();
  if (systolic === undefined || (unit !== '' && mmHgIn(unit) === undefined)) return null;
  const [high, low, mean] = [systolic, diastolic, third].map((text) => pressureOf(text, unit || unitAround));
  const isMean = label !== undefined || isBetween(mean, low, high);
  return [high ?? nothing(), low ?? nothing(), (isMean && mean) || nothing()];
}

/** Without a word for it, any other number may be the pulse. */
function isBetween(...said: (PressureSaid | undefined)[]): boolean {
  const [mean = Number.NaN, low = Number.NaN, high = Number.NaN] = said.map((it) => it?.values[0]);
  return low <= mean && mean <= high;
}

/** In what is called a blood pressure, wherever in the text it stands; of several pairs all values. */
export function pairAnywhereIn(said: unknown, unitAround?: string): PairSaid | null {
  const alone = pairIn(said, unitAround);
  if (alone || typeof said !== 'string' || said.length > REMARK_CHARACTERS) return alone;
  const text = said.normalize('NFKC');
  const pairs = [...text.matchAll(ANYWHERE)].map(([, systolic, diastolic, after = '']): PressureSaid[] => {
    const unit = mmHgIn(after) === undefined ? unitAround : after;
    return [pressureOf(systolic, unit), pressureOf(diastolic, unit)];
  });
  const mean = pressureOf(MEAN.exec(text)?.[1], unitAround);
  if (pairs.length > 0) return [sideOf(pairs, 0), sideOf(pairs, 1), mean];
  const [, high, low, word = ''] = DASHED.exec(text.trim()) ?? [];
  if (Number(high) > Number(low) && Number(low) >= LEAST_MMHG)
    return [pressureOf(high, word || unitAround), pressureOf(low, word || unitAround), nothing()];
  const [, palpated] = PALPATED.exec(text) ?? [];
  return palpated === undefined ? null : [pressureOf(palpated, unitAround), nothing(), mean];
}

function sideOf(pairs: readonly PressureSaid[][], side: 0 | 1): PressureSaid {
  return together(pairs.flatMap((pair) => pair[side] ?? []));
}
