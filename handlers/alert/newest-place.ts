/** Where the patient of an alert lies now: the newest reading says, and what is older never moves the alert back. */
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert } from './alert.ts';
import { isSamePlace, type Place } from './place.ts';

/** A patient is moved a few times a day at most; places beyond these were told so long ago that they are told again. */
const REMEMBERED_PLACES = 20;

/** A place, and when the reading was measured that names it. */
export type Sighting = { place: Place; at: string };

/**
 * The alert at the newest place that is known; the same object when that is where it is. A ward that stands for a place
 * which nobody knows (`at` null) moves nothing, and whatever is known moves an alert from there.
 */
export function movedTo(alert: Alert, sighting: { place: Place; at: string | null } | undefined): Alert {
  if (!sighting || sighting.at === null) return alert;
  if (alert.placedAt !== null && sighting.at <= alert.placedAt) return alert;
  const { ward, bed, device, deviceRegistered } = sighting.place;
  return { ...alert, ward, bed, device, deviceRegistered, placedAt: sighting.at };
}

/** Where the newest remembered reading comes from, alarming or not; undefined when none is remembered. */
export function lastSighting(recent: readonly RecentReading[]): Sighting | undefined {
  const newest = recent.findLast(({ place }) => place !== undefined);
  return newest?.place && { place: newest.place, at: newest.measuredAt };
}

/** True when the last pages sent people to another place than where the patient is now. */
export function isElsewhere(alert: Pick<Alert, keyof Place | 'announced' | 'told'>): boolean {
  return alert.announced !== null && !alert.told.some((place) => isSamePlace(place, alert));
}

/** True when the people of the ward where the patient is now have not been asked. */
export function isInAnotherWard({
  announced,
  told,
  ward,
}: Pick<Alert, 'ward' | 'announced' | 'told'>): boolean {
  return announced !== null && !told.some((place) => place.ward === ward);
}

/** True when people of another ward were asked before: those of this one have yet to hear of it, from the nurse on. */
export function hasChangedWards({ told, ward }: Pick<Alert, 'ward' | 'told'>): boolean {
  return told.some((place) => place.ward !== ward);
}

/** The places told, with the present one. */
export function toldHere(alert: Alert): Place[] {
  const { ward, bed, device, deviceRegistered } = alert;
  if (alert.told.some((place) => isSamePlace(place, alert))) return alert.told;
  return [...alert.told, { ward, bed, device, deviceRegistered }].slice(-REMEMBERED_PLACES);
}
