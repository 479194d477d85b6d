/** Times in a roster that are legal and perhaps not meant: stand-ins of another year, and hours that a clock skips or shows twice. */
import { clockChangeDates, timesShown } from '../time/local-time.ts';
import { dealingsOf, endMs, isLocal } from './dealing.ts';
import type { AnyRoster } from './roster.ts';
import type { Problem } from './roster-problems.ts';

const YEAR_MS = 366 * 86_400_000;

/** Every one of it, as of an instant (ISO 8601), in the order of the file. */
export function timeRemarks(roster: AnyRoster, at: string): Problem[] {
  const { zone: hospitalZone, rotations, bedAssignments = [] } = roster;
  const zones = new Set(rotations.map(({ zone = hospitalZone }) => zone));
  const clockChanges = new Map(Array.from(zones, (zone) => [zone, clockChangeDates(zone, at)]));
  const ofSpan = (span: { from: string; to: string }, zone: string, where: Problem['path']) =>
    spanRemarks(span, zone, at).map(({ path, message }) => ({ path: [...where, ...path], message }));
  return [
    ...rotations.flatMap((rotation, index) => {
      const { zone = hospitalZone, overrides = [], changes = [] } = rotation;
      return [
        ...dealingsOf(rotation).flatMap(({ shiftStarts }, dealing) => {
          // Without shifts of its own a change has those that were looked at.
          if (dealing > 0 && !changes[dealing - 1]?.shiftStarts) return [];
          const where = dealing === 0 ? [] : ['changes', dealing - 1];
          return shiftStarts.flatMap((start, position) =>
            oddDays(start, zone, clockChanges.get(zone) ?? []).map((message) => ({
              path: ['rotations', index, ...where, 'shiftStarts', position],
              message,
            })),
          );
        }),
        ...overrides.flatMap((override, position) =>
          ofSpan(override, zone, ['rotations', index, 'overrides', position]),
        ),
      ];
    }),
    ...bedAssignments.flatMap((assignment, index) =>
      ofSpan(assignment, hospitalZone, ['bedAssignments', index]),
    ),
  ];
}

function oddDays(start: string, zone: string, changeDates: readonly string[]): string[] {
  return changeDates.flatMap((date) => {
    const shown = timesShown(`${date}T${start}`, zone);
    if (shown === 'never')
      return [`${zone} skips ${start} on ${date}: the shift begins when the clock jumps over it`];
    return shown === 'twice'
      ? [`${zone} shows ${start} twice on ${date}: the shift begins the first time`]
      : [];
  });
}

function spanRemarks({ from, to }: { from: string; to: string }, zone: string, at: string): Problem[] {
  const nowMs = Date.parse(at);
  const [fromMs, toMs] = [endMs(from, zone), endMs(to, zone)];
  const far = 'more than a year ahead: is the year right?';
  return [
    ...oddEnd('from', from, zone),
    ...oddEnd('to', to, zone),
    ...(toMs <= nowMs ? [{ path: [], message: 'is over, and changes nothing any more' }] : []),
    ...(fromMs > nowMs + YEAR_MS
      ? [{ path: ['from'], message: far }]
      : toMs > nowMs + YEAR_MS
        ? [{ path: ['to'], message: far }]
        : []),
  ];
}

function oddEnd(end: 'from' | 'to', instant: string, zone: string): Problem[] {
  const shown = isLocal(instant) ? timesShown(instant, zone) : 'once';
  if (shown === 'once') return [];
  const counts =
    shown === 'never' ? 'skips it: it is when the clock jumps' : 'shows it twice: it is the first time';
  return [{ path: [end], message: `the clock in ${zone} ${counts}. Write it with its offset` }];
}
