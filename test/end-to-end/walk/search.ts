/** Which calls of a path are to fail: each call of each state, by where that leads, on the shortest path that makes it. */
import type { Random } from '../../../infra/local/engine/random.ts';
import { type Call, type Incident, kindsAt, type Visit } from './incidents.ts';
import { nameOf, type Path } from './paths.ts';
import type { Walked } from './walker.ts';

/** A path, and what goes wrong on it. */
export type Attempt = { path: Path; incidents: readonly Incident[] };

/** Reads of what a function remembers for a while: whether they are made says nothing of the visit. */
const remembered = /^(s3|secrets-manager):|ListSubscriptions/;
export const isRemembered = ({ call }: Incident) => remembered.test(call);

/** How often it is made depends on who waits at an address just then. */
const varying = /TURN$/;

/** Of calls alike, one for each person, say, the first and the last; where their number is not certain, the first. */
function placeOf({ call, nth }: Call, { calls }: Visit): 'first' | 'last' | undefined {
  if (nth === 1) return 'first';
  const last = calls.filter((one) => one.call === call).length;
  return nth === last && !remembered.test(call) && !varying.test(call) ? 'last' : undefined;
}

/** What is to go wrong on a path, given how it went without. It leaves out what an earlier path has had. */
export function incidentsFinder(): (walked: Walked) => Attempt[] {
  const seen = new Set<string>();
  return ({ path, visits }) =>
    visits.flatMap((visit) =>
      visit.calls.flatMap((call) => {
        const place = placeOf(call, visit);
        const leadsTo = remembered.test(call.call) ? '' : visit.next;
        const kind = [visit.state, call.call, place, leadsTo].join(', ');
        if (!place || seen.has(kind)) return [];
        seen.add(kind);
        return kindsAt(call.call).map((kind) => ({ path, incidents: [{ ...call, kind }] }));
      }),
    );
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
