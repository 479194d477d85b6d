/** Who is on call over a time, ward by ward and level by level, and when nobody is. */
import { later } from '../time/instant.ts';
import { endMs, handOvers } from './dealing.ts';
import { LEVELS, type Level, whoIsOnCall } from './on-call.ts';
import type { AnyRoster } from './roster.ts';

type Clinician = AnyRoster['clinicians'][number];
/** ISO 8601 UTC, from one instant up to another. */
export type Stretch = { from: string; to: string; people: Clinician[] };
export type Shift = { ward: string; role: Level } & Stretch;
export type LevelStretches = { ward: string; level: Level; rotations: number; stretches: Stretch[] };
/** `nobody`: a gap. `fewer`: of several rotations some have nobody, or one person has two of them. */
export type Uncovered = { is: 'nobody' | 'fewer'; ward: string; level: Level; rotations: number } & Stretch;

const GAP_DAYS = 14;

/** Every level of every ward, cut wherever somebody else may come on call. */
export function coverage(roster: AnyRoster, from: string, to: string): LevelStretches[] {
  return roster.wards.flatMap(({ id: ward }) =>
    LEVELS.map((level) => ({
      ward,
      level,
      rotations: rotationsOf(roster, ward, level).length,
      stretches: stretchesOf(roster, ward, level, { from, to }),
    })),
  );
}

/** Who is on call for a ward on a level, cut wherever somebody else may come on call. */
export function stretchesOf(
  roster: AnyRoster,
  ward: string,
  level: Level,
  { from, to }: { from: string; to: string },
): Stretch[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const swaps = (roster.swaps ?? []).filter((swap) => swap.ward === ward && swap.role === level);
  const swapped = swaps.flatMap((swap) => [endMs(swap.from, roster.zone), endMs(swap.to, roster.zone)]);
  const cuts = [
    ...rotationsOf(roster, ward, level).flatMap((one) => handOvers(one, roster.zone, fromMs, toMs)),
    ...swapped,
  ].filter((ms) => fromMs < ms && ms < toMs);
  const starts = [...new Set([fromMs, ...cuts])]
    .sort((a, b) => a - b)
    .map((ms) => new Date(ms).toISOString());
  return starts.map((start, index) => ({
    from: start,
    to: starts[index + 1] ?? to,
    people: whoIsOnCall(roster, ward, level, start),
  }));
}

/** Each rotation's shifts, one by one, however many a level has; a swap in the middle of one makes two of it. */
export function shiftsOf(roster: AnyRoster, within: { from: string; to: string }): Shift[] {
  return roster.rotations.flatMap((rotation) => {
    const { ward, role } = rotation;
    const ofOne = stretchesOf({ ...roster, rotations: [rotation] }, ward, role, within);
    return ofOne.map((stretch) => ({ ward, role, ...stretch }));
  });
}

/** When a level has nobody, or fewer than it has rotations, in the fourteen days from an instant. */
export function uncovered(roster: AnyRoster, at: string): Uncovered[] {
  return coverage(roster, at, later(at, GAP_DAYS * 86_400)).flatMap(
    ({ ward, level, rotations, stretches }) => {
      const lacking = stretches.flatMap((stretch): Uncovered[] => {
        const { length } = stretch.people;
        if (length > 0 && length >= rotations) return [];
        return [{ is: length === 0 ? 'nobody' : 'fewer', ward, level, rotations, ...stretch }];
      });
      return joined(lacking);
    },
  );
}

/** Those that follow each other without a break, with the same people, as one. */
export function joined<Kind extends Stretch>(stretches: readonly Kind[]): Kind[] {
  const whole: Kind[] = [];
  for (const next of stretches) {
    const last = whole.at(-1);
    if (last?.to === next.from && samePeople(last.people, next.people)) last.to = next.to;
    else whole.push({ ...next });
  }
  return whole;
}

/** True for the same people, in whatever order. */
export function samePeople(some: readonly { id: string }[], others: readonly { id: string }[]): boolean {
  return some.length === others.length && some.every(({ id }) => others.some((other) => other.id === id));
}

function rotationsOf({ rotations }: AnyRoster, ward: string, level: Level) {
  return rotations.filter((rotation) => rotation.ward === ward && rotation.role === level);
}
