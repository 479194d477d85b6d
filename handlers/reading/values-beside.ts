/** What stands beside pressures under the same names and is none: their units, flags, scores, errors, percentiles. */
import { plainName } from './field-names.ts';
import type { PlainValues } from './plain-shape.ts';

/** What an object has to hold to tell of a pressure: a number, one that may be a pressure, or both pressures, whatever they are. */
export type Expected = 'number' | 'pressure' | 'both';

/** Names of what is said about a value. */
const ABOUT =
  /unit|type|flag|status|valid|label|schema|code|error|score|news|quality|time|stamp|colou?r|format|display|trend|risk|rank|grade|breach|violat|exceed/;
/** Longer than any name; of what is longer the end is compared. */
const NAME_CHARACTERS = 80;

/** Of what stands under the name, beside both pressures or not; undefined: it is a measurement whatever it holds. */
export function expectedUnder(
  name: string,
  isBesideBoth: boolean,
  around: Expected | undefined,
): Expected | undefined {
  const plain = plainName(name.slice(-NAME_CHARACTERS));
  if (ABOUT.test(plain)) return isBesideBoth ? 'pressure' : (around ?? 'number');
  // A half beside a whole may be anything; a whole is a measurement, however it looks.
  return isBesideBoth ? 'both' : around;
}

/** Lower and higher than anything measured that is alive. */
const LEAST_MMHG = 20;
const MOST_MMHG = 300;

export function isExpected(
  { systolic, diastolic, mean }: PlainValues,
  expected: Expected | undefined,
): boolean {
  if (expected === undefined || !(systolic.isNamed || diastolic.isNamed)) return true;
  if (expected === 'both' && systolic.isNamed && diastolic.isNamed) return true;
  const numbers = [systolic, diastolic, mean].flatMap(({ values }) => values);
  if (numbers.length === 0 || expected === 'number') return numbers.length > 0;
  const isOrdered =
    [systolic, diastolic].some(({ values }) => values.length === 0) ||
    Math.max(...systolic.values) > Math.min(...diastolic.values);
  return isOrdered && numbers.every((value) => value >= LEAST_MMHG && value <= MOST_MMHG);
}
