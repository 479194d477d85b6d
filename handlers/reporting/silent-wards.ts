/** Which wards were silent all night: whoever lay there was measured by nobody whom Vigil hears. */
import { z } from 'zod';
import type { Roster } from '../on-call/roster.ts';
import { watchedWards } from '../reading/feeds.ts';
import { wellFormed } from './malformed.ts';
import type { ReportWindow } from './window.ts';

/** Of sql/devices-heard.sql. */
const HeardRow = z.object({ device_id: z.string() });

/** The devices that were heard. Throws Malformed. */
export function devicesHeard(rows: readonly unknown[]): Set<string> {
  return new Set(wellFormed(z.array(HeardRow), rows).map(({ device_id }) => device_id));
}

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
