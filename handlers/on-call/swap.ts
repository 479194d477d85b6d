/** Shifts that two clinicians exchange, or that one takes for another: what stands in the published roster for it. */
import { later, sooner } from '../time/instant.ts';
import { type Shift, shiftsOf, stretchesOf } from './coverage.ts';
import { endMs } from './dealing.ts';
import { bedNurse, LEVELS, type Level, whoIsOnCall } from './on-call.ts';
import type { Roster, Swap } from './roster.ts';

/** `at`, an instant of the shift that `clinicianId` takes from `replaces`. */
type Handed = { replaces: string; clinicianId: string; at: string };
type Span = { from: string; to: string };
type OnLevel = { ward: string; role: Level };
export type Swapped = { roster: Roster; swaps: Swap[]; problems: string[] };

/** A shift is looked for so far to both sides: the longest has a day, and an hour more where the clock is put back. */
const LOOKED_AROUND_SECONDS = 2 * 86_400;

/**
 * The roster in which each hands over the shifts and beds that they have at an instant, in every ward and on every level, from
 * now on at the earliest. `problems`: why it had better not be. `now` is ISO 8601 UTC.
 */
export function withSwaps(published: Roster, handed: readonly Handed[], now: string): Swapped {
  const found = handed.map((one) => ({ ...one, swaps: swapsFor(published, one, now) }));
  const swaps = found.flatMap((one) => one.swaps);
  const roster = { ...published, swaps: [...(published.swaps ?? []).filter(({ to }) => to > now), ...swaps] };
  const problems = [
    ...found.flatMap((one) =>
      one.swaps.length > 0 ? [] : [`${one.replaces} has no shift at ${one.at} that is not over`],
    ),
    ...(swaps.some((swap) => swaps.some((other) => isCrossing(swap, other)))
      ? ['both have their shifts at the same time: there is nothing to exchange']
      : []),
    ...swaps.flatMap((swap) => problemsOf(roster, published, swap, swaps)),
  ];
  return { roster, swaps, problems: [...new Set(problems)] };
}

/** What a person has at an instant, as far as it is not over. */
function swapsFor(roster: Roster, { replaces, clinicianId, at }: Handed, now: string): Swap[] {
  const around = { from: later(at, -LOOKED_AROUND_SECONDS), to: later(at, LOOKED_AROUND_SECONDS) };
  const isTheirs = (it: Shift) => holds(it, at) && now < it.to && has(it, replaces);
  const shifts = shiftsOf(roster, around).filter(isTheirs);
  // A swap of a shift moves the beds as well.
  const isMoved = (it: Shift) => shifts.some(({ ward, role }) => ward === it.ward && role === it.role);
  const beds = bedsAt(roster, at)
    .filter((it) => isTheirs(it) && !isMoved(it))
    .map((it) => {
      const stretches = stretchesOf(roster, it.ward, it.role, around);
      return within(it, stretches.length > 1 ? stretches.find((stretch) => holds(stretch, at)) : undefined);
    });
  return [...shifts, ...beds].map(({ ward, role, from, to }) => {
    return { ward, role, replaces, clinicianId, from: from > now ? from : now, to };
  });
}

function holds({ from, to }: Span, at: string): boolean {
  return from <= at && at < to;
}

/** Beds may be one's for a week, and a swap moves them while the ward's shift lasts. */
function within<Of extends Span>(span: Of, shift: Span | undefined): Of {
  if (!shift) return span;
  return { ...span, from: shift.from > span.from ? shift.from : span.from, to: sooner(span.to, shift.to) };
}

/** Who has beds at an instant, and from when until when. */
function bedsAt(roster: Roster, at: string): Shift[] {
  return (roster.bedAssignments ?? []).map(({ ward, beds, ...assigned }) => {
    const [from, to] = [assigned.from, assigned.to].map((end) =>
      new Date(endMs(end, roster.zone)).toISOString(),
    ) as [string, string];
    return { ward, role: 'nurse', from, to, people: beds.flatMap((bed) => bedNurse(roster, ward, bed, at)) };
  });
}

/** Each gives the other the same hours, which would give them back. */
function isCrossing(one: Swap, other: Swap): boolean {
  const isReturned = one.replaces === other.clinicianId && one.ward === other.ward && one.role === other.role;
  return isReturned && one.from < other.to && other.from < one.to;
}

/** What is not as it should be within a swap, in the roster that has it and what else is swapped. */
function problemsOf(roster: Roster, before: Roster, swap: Swap, swaps: readonly Swap[]): string[] {
  const { ward, role, clinicianId, from, to } = swap;
  // Who takes the shifts of two wards from one person has no more than that one had.
  const isTakenToo = (it: OnLevel) =>
    it.ward !== ward && swaps.some((other) => other.clinicianId === clinicianId && isSame(other, it));
  const others = levelsOf(roster, swap).filter((it) => !isSame(it, swap) && !isTakenToo(it));
  const fewer = stretchesOf(roster, ward, role, { from, to }).find(
    (stretch) => stretch.people.length < whoIsOnCall(before, ward, role, stretch.from).length,
  );
  return [
    ...others.map(
      (it) => `${clinicianId} is on call in ${it.ward} as ${it.role}, too, from ${from} to ${to}`,
    ),
    ...(worksIn(roster, clinicianId, ward) ? [] : [`${clinicianId} does not work in ${ward}`]),
    ...(fewer
      ? [`${clinicianId} is on call in ${ward} as ${role} anyway: one fewer from ${fewer.from}`]
      : []),
  ];
}

/** Where the swap's clinician is on call within it, in whatever ward, or has beds. */
function levelsOf(roster: Roster, { clinicianId, from, to }: Swap): OnLevel[] {
  const changes = bedsAt(roster, from).flatMap((it) => (from < it.from && it.from < to ? [it.from] : []));
  const beds = [from, ...changes].flatMap((at) =>
    bedsAt(roster, at).filter((it) => holds(it, at) && has(it, clinicianId)),
  );
  return roster.wards
    .flatMap(({ id }) => LEVELS.map((role) => ({ ward: id, role })))
    .filter(
      (it) =>
        beds.some((bed) => isSame(bed, it)) ||
        stretchesOf(roster, it.ward, it.role, { from, to }).some((stretch) => has(stretch, clinicianId)),
    );
}

function isSame(one: OnLevel, other: OnLevel): boolean {
  return one.ward === other.ward && one.role === other.role;
}

function worksIn({ clinicians }: Roster, clinicianId: string, ward: string): boolean {
  return clinicians.some(({ id, wards }) => id === clinicianId && wards.includes(ward));
}

function has({ people }: { people: readonly { id: string }[] }, clinicianId: string): boolean {
  return people.some(({ id }) => id === clinicianId);
}
