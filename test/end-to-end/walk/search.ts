/** Which calls of a path are to fail: each call of each kind of visit, on the shortest path that makes it. */
import type { Random } from '../../../infra/local/engine/random.ts';
import { type Incident, kindsAt, type Visit } from './incidents.ts';
import { nameOf, type Path } from './paths.ts';
import type { Walked } from './walker.ts';

/** A path, and what goes wrong on it. */
export type Attempt = { path: Path; incidents: readonly Incident[] };

/** Reads of what a function remembers for a while: whether they are made says nothing of the visit. */
const remembered = /^(s3|secrets-manager):|ListSubscriptions/;
export const isRemembered = ({ call }: Incident) => remembered.test(call);

/** Visits of a state that call the same and lead to the same are alike. */
function kindOf({ state, calls, next }: Visit): string {
  const made = calls.map(({ call }) => call).filter((call) => !remembered.test(call));
  return [state, ...new Set(made)].sort().concat(next).join(', ');
}

/** Of calls alike, one for each person, say, the first and the last; of what is remembered the first. */
function distinctCalls({ calls }: Visit) {
  return calls.filter(({ call, nth }) => {
    const last = calls.filter((one) => one.call === call).length;
    return nth === 1 || (nth === last && !remembered.test(call));
  });
}

/** What is to go wrong on a path, given how it went without. It leaves out what an earlier path has had. */
export function incidentsFinder(): (walked: Walked) => Attempt[] {
  const seen = new Set<string>();
  const isNew = (kind: string) => !seen.has(kind) && Boolean(seen.add(kind));
  return ({ path, visits }) =>
    visits.flatMap((visit) => {
      const isNewVisit = isNew(kindOf(visit));
      return distinctCalls(visit)
        .filter(({ call }) => (remembered.test(call) ? isNew(`${visit.state} ${call}`) : isNewVisit))
        .flatMap((call) => kindsAt(call.call).map((kind) => ({ path, incidents: [{ ...call, kind }] })));
    });
}

/** So many pairs of what goes wrong on the same path, each time in another visit. */
export function pairsOf(attempts: readonly Attempt[], count: number, random: Random): Attempt[] {
  const pairs: Attempt[] = [];
  while (pairs.length < count) {
    const first = attempts[random.below(attempts.length)] as Attempt;
    const others = attempts.filter(
      ({ path, incidents: [incident] }) =>
        path === first.path &&
        incident?.state !== first.incidents[0]?.state &&
        !isRemembered(incident as Incident),
    );
    const second = others[random.below(others.length)];
    if (second) pairs.push({ path: first.path, incidents: [...first.incidents, ...second.incidents] });
  }
  return pairs;
}

const inWords = ({ state, visit, call, nth, kind }: Incident) =>
  `${call} ${nth} in "${state}" ${visit}: ${kind}`;
/** For whoever has to play it again. */
export const storyOf = ({ path, incidents }: Attempt) =>
  [nameOf(path), ...incidents.map(inWords)].join(' | ');
