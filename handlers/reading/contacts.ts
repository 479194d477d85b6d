/** When the devices of a patient were heard: what a device says of its time is held against this. */
import type { Reading } from './reading.ts';

/** A stretch of time in which a device was heard again within five minutes each time. Arrivals, ISO 8601 UTC. */
export type Contact = { deviceId: string; from: string; to: string };

/** Quarter-hourly cuffs of five hours: about as far back as `recent` goes. */
export const REMEMBERED_CONTACTS = 20;
/** As exact as a device's clock has to be: to know more closely when it was heard would be of no use. */
const PAUSE_MS = 5 * 60_000;

/** The contacts with these arrivals, by their ends, newest last; in whatever order and however often they come. */
export function hear(
  known: readonly Contact[],
  readings: readonly Pick<Reading, 'deviceId' | 'arrivedAt'>[],
): Contact[] {
  const contacts: Contact[] = [
    ...known,
    ...readings.map(({ deviceId, arrivedAt }) => ({ deviceId, from: arrivedAt, to: arrivedAt })),
  ];
  return [...Map.groupBy(contacts, ({ deviceId }) => deviceId).values()]
    .flatMap(joined)
    .sort((a, b) => compare(a.to, b.to) || compare(a.deviceId, b.deviceId))
    .slice(-REMEMBERED_CONTACTS);
}

function joined(ofDevice: Contact[]): Contact[] {
  const contacts: Contact[] = [];
  for (const next of ofDevice.toSorted((a, b) => compare(a.from, b.from))) {
    const last = contacts.at(-1);
    if (last && Date.parse(next.from) - Date.parse(last.to) <= PAUSE_MS) {
      contacts[contacts.length - 1] = { ...last, to: next.to > last.to ? next.to : last.to };
    } else contacts.push(next);
  }
  return contacts;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
