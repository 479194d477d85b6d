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
    `([a-z][a-z []*[a-z]\\]?)?[,; ]*(?:\\(?(?:map|mean|m)?[:= ]*${value}\\)?)?$`,
  'i',
);
/** Nothing that a date or a longer number is part of. */
const ANYWHERE = RegExp(
  `(?<![\\d/.,-])${value} ?(?:/|over) ?${value}(?![\\d/-]) ?([a-z]+(?:\\[hg\\])?)?`,
  'gi',
);
const MEAN = RegExp(`\\b(?:map|mean|m)[:= ]*${value}`, 'i');
/** By palpation there is no diastolic pressure. */
const PALPATED = RegExp(`(?<![\\d/.,-])${value} ?(?:/|over) ?p(?:alp\\w*)?\\b`, 'i');

/** Where the text is nothing else. Null: no such text. */
export function pairIn(said: unknown, unitAround?: string): PairSaid | null {
  if (typeof said !== 'string' || said.length > TEXT_CHARACTERS) return null;
  const [, systolic, diastolic, unit, mean] = ALONE.exec(said.normalize('NFKC').trim()) ?? [];
  if (systolic === undefined) return null;
  const read = (text: string | undefined) => pressureOf(text, unit?.trim() || unitAround);
  return [read(systolic), read(diastolic), read(mean)];
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
  const [, palpated] = PALPATED.exec(text) ?? [];
  return palpated === undefined ? null : [pressureOf(palpated, unitAround), nothing(), mean];
}

function sideOf(pairs: readonly PressureSaid[][], side: 0 | 1): PressureSaid {
  return together(pairs.flatMap((pair) => pair[side] ?? []));
}
