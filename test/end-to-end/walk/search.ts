/** Which calls of a path are to fail: each call of each state, by where that leads, on the shortest path that makes it. */
import type { Random } from '../../../infra/local/engine/random.ts';
import {
  type Call,
  type Incident,
  type IncidentKind,
  invocation,
  isRead,
  kindsAt,
  type Visit,
} from './incidents.ts';
import { nameOf, type Path } from './paths.ts';
import type { Walked } from './walker.ts';

/** A path, and what goes wrong on it. */
export type Attempt = { path: Path; incidents: readonly Incident[] };

/** Reads of what a function remembers for a while: whether they are made says nothing of the visit. */
const remembered = /^(s3|secrets-manager):|ListSubscriptions/;
export const isRemembered = ({ call }: Incident) => remembered.test(call);

/** Each such write records something else, and of several mails the last one follows others; elsewhere calls of a kind are alike. */
const unlike = /PutItem PATIENT$|Publish clinician$/;

/** Of the calls of a kind the first, and the last where it is not like the first. */
function placeOf({ call, nth }: Call, { calls }: Visit): 'first' | 'last' | undefined {
  if (nth === 1) return 'first';
  return unlike.test(call) && nth === calls.filter((one) => one.call === call).length ? 'last' : undefined;
}

/** The state that comes next, and whether the function itself has ended the wait for it. */
const leadsTo = ({ calls, next }: Visit) =>
  calls.some(({ call }) => call === 'sfn:SendTaskSuccess') ? `by itself to ${next}` : next;

type Difference = 'state' | 'place' | 'leadsTo';

/** By what two calls of a kind have to differ for the same thing to go wrong otherwise. */
function differsBy(kind: IncidentKind, { call }: Call, { calls }: Visit): readonly Difference[] {
  const isInvocation = call === invocation;
  // The SDK tries a call again, wherever that is; an invocation is for each state to try again.
  if (kind === 'throttled' || kind === 'answer lost') return isInvocation ? ['state'] : [];
  // As after the call before it.
  if (kind === 'dies before') return [];
  // It has no effect: the function fails, or does without.
  if (isRead(call)) return kind === 'server errors' ? ['state'] : [];
  if (kind === 'throws before') return ['state'];
  // Strikes first and last.
  if (kind === 'server errors') return ['state', 'leadsTo'];
  if (kind === 'dies after') return ['state', 'place'];
  const hasEffect = calls.some((one) => one.call !== invocation && !isRead(one.call));
  return hasEffect ? ['state', 'place', 'leadsTo'] : ['state'];
}

/** What is to go wrong on a path, given how it went without. It leaves out what would go as on an earlier path. */
export function incidentsFinder(): (walked: Walked) => Attempt[] {
  const seen = new Set<string>();
  function isNew(kind: IncidentKind, call: Call, visit: Visit): boolean {
    const place = placeOf(call, visit);
    if (!place) return false;
    const facts = { state: visit.state, place, leadsTo: leadsTo(visit) };
    const key = [kind, call.call, ...differsBy(kind, call, visit).map((fact) => facts[fact])].join(', ');
    const before = seen.size;
    return seen.add(key).size > before;
  }
  return ({ path, visits }) =>
    visits.flatMap((visit) =>
      visit.calls.flatMap((call) =>
        kindsAt(call.call)
          .filter((kind) => isNew(kind, call, visit))
          .map((kind) => ({ path, incidents: [{ ...call, kind }] })),
      ),
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
