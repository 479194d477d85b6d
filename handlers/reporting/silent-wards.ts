/** Which wards were silent all night: whoever lay there was measured by nobody whom Vigil hears. */
import type { Roster } from '../on-call/roster.ts';
import { watchedWards } from '../reading/feeds.ts';
import type { ReportWindow } from './window.ts';

/**
 * Wards none of whose devices is among those that were heard. A window that is shorter than a ward may be silent says
 * nothing of it.
 */
export function silentWards(
  roster: Pick<Roster, 'wards' | 'devices'>,
  heard: ReadonlySet<string>,
  { from, to }: Pick<ReportWindow, 'from' | 'to'>,
): string[] {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const wardsHeard = new Set(roster.devices.flatMap(({ id, ward }) => (heard.has(id) ? [ward] : [])));
  return watchedWards(roster)
    .filter(({ ward, silentAfterMinutes }) => silentAfterMinutes < minutes && !wardsHeard.has(ward))
    .map(({ ward }) => ward);
}
