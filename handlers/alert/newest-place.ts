/** Where the patient of an alert lies now: the newest reading says, and what is older never moves the alert back. */

import { isSamePlace, type Place } from '../naming/place.ts';
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert } from './alert.ts';
import type { Sighting } from './event.ts';

/** A patient is moved a few times a day at most; places beyond these were told so long ago that they are told again. */
const REMEMBERED_PLACES = 20;

/**
 * The alert at the newest place that is known; the same object when that is where it is. A ward that stands for a place
 * which nobody knows moves nothing, and whatever is known moves an alert from there.
 */
export function movedTo<Known extends Alert>(alert: Known, sighting: Sighting | undefined): Known {
  return isNews(alert, sighting) ? { ...alert, place: sighting.place, placedAt: sighting.at } : alert;
}

/** True when the sighting is newer than what the alert knows. */
export function isNews(alert: Alert, sighting: Sighting | undefined): sighting is Sighting {
  if (!sighting || sighting.at === null) return false;
  return alert.placedAt === null || sighting.at > alert.placedAt;
}

/** Where the newest remembered reading comes from, alarming or not; undefined when none is remembered. */
export function lastSighting(recent: readonly RecentReading[]): Sighting | undefined {
  const newest = recent.findLast(({ place }) => place !== undefined);
  return newest?.place && { place: newest.place, at: newest.measuredAt };
}

type Placed = Pick<Alert, 'place' | 'announced' | 'told'>;

/** True when the last pages sent people to another place than where the patient is now. */
export function isElsewhere({ place, announced, told }: Placed): boolean {
  return announced !== null && !told.some((known) => isSamePlace(known, place));
}

/** True when the people of the ward where the patient is now have not been asked. */
export function isInAnotherWard({ place, announced, told }: Placed): boolean {
  return announced !== null && !told.some(({ ward }) => ward === place.ward);
}

/** True when people of another ward were asked before: those of this one have yet to hear of it, from the nurse on. */
export function hasChangedWards({ place, told }: Pick<Alert, 'place' | 'told'>): boolean {
  return told.some(({ ward }) => ward !== place.ward);
}

/** The places told, with the present one. */
export function toldHere({ place, told }: Alert): Place[] {
  return told.some((known) => isSamePlace(known, place)) ? told : [...told, place].slice(-REMEMBERED_PLACES);
}
