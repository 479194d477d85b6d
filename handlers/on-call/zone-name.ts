/** Names of time zones, as people have to write them. */
import { IANAZone } from 'luxon';

/** An offset such as +01:00 knows no summer time; and a schedule takes a name only as it is spelled: Europe/Zurich. */
export function isZoneName(zone: string): boolean {
  if (/^[+-]/.test(zone) || !IANAZone.isValidZone(zone)) return false;
  const spelled = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  return spelled === zone || spelled.toLowerCase() !== zone.toLowerCase();
}
