/** Whose present or next shift a changed roster gives to somebody else. */
import { later } from '../time/instant.ts';
import { type LevelStretches, samePeople, stretchesOf } from './coverage.ts';
import { LEVELS, whoIsOnCall } from './on-call.ts';
import type { AnyRoster } from './roster.ts';

export type DealtAnew = Pick<LevelStretches, 'ward' | 'level'> & {
  from: string;
  before: string[];
  after: string[];
};

/** The present shift and the next have both begun by then: a shift has a day at most. */
const LOOKED_AHEAD_SECONDS = 2 * 86_400;

/** The first such shift of each level of each ward, as of an instant (ISO 8601 UTC). */
export function dealtAnew(published: AnyRoster, next: AnyRoster, now: string): DealtAnew[] {
  const shown = { from: now, to: later(now, LOOKED_AHEAD_SECONDS) };
  const kept = published.wards.filter(({ id }) => next.wards.some((ward) => ward.id === id));
  return kept.flatMap(({ id: ward }) =>
    LEVELS.flatMap((level) => {
      const shifts = stretchesOf(published, ward, level, shown).slice(0, 2);
      const until = shifts.at(-1)?.to ?? now;
      const changed = stretchesOf(next, ward, level, { from: now, to: until }).find(
        ({ from, people }) => !samePeople(people, whoIsOnCall(published, ward, level, from)),
      );
      if (!changed) return [];
      const before = whoIsOnCall(published, ward, level, changed.from);
      return [{ ward, level, from: changed.from, before: idsOf(before), after: idsOf(changed.people) }];
    }),
  );
}

const idsOf = (people: readonly { id: string }[]) => people.map(({ id }) => id);
