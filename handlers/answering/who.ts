/** Whom a person means who says who they are: by id, or by initials where only one bears them. */
import type { Clinician } from '../on-call/roster.ts';

/** Not a part of anybody's initials. */
const TITLES = new Set(['dr', 'prof', 'mr', 'mrs', 'ms', 'miss', 'mx', 'sr', 'sister', 'nurse']);

/** The one candidate with this id or, if nobody has it, with these initials; case, dots and blanks do not matter. */
export function whoIs(candidates: readonly Clinician[], said: string | undefined): Clinician | undefined {
  const name = spelled(said);
  if (name === '') return undefined;
  const byId = candidates.filter(({ id }) => spelled(id) === name);
  const found = byId.length > 0 ? byId : candidates.filter((person) => initialsOf(person.name) === name);
  return found.length === 1 ? found[0] : undefined;
}

/** As it is compared, and as wrong names are counted. */
export function spelled(said: string | undefined): string {
  return (said ?? '').toLowerCase().replace(/[\s.]/g, '');
}

/** `Dr Ines Okonjo-Vale` is `io`. */
function initialsOf(name: string): string {
  const words = name.toLowerCase().split(/[\s.]+/);
  return words
    .filter((word) => !TITLES.has(word))
    .map((word) => [...word][0] ?? '')
    .join('');
}
