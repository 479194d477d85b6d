/** When a device was heard, whoever wore it: what it says of its time is held against this. */
import { z } from 'zod';
import type { Reading } from '../clinical/reading.ts';
import { type DeviceSign, FaultsByKind, type ForgottenFault, foldFaults, UNWRITTEN_MS } from './faults.ts';

/**
 * A stretch of time in which a device was heard again within five minutes each time. Arrivals, ISO 8601 UTC; and how long
 * after the stated times its readings came, the soonest and the latest, in milliseconds.
 */
const Contact = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  leastDelayMs: z.number(),
  mostDelayMs: z.number(),
});
export type Contact = z.infer<typeof Contact>;

export const Contacts = z.object({
  /** `CONTACTS#<deviceId>`. */
  pk: z.string(),
  kind: z.literal('contacts'),
  deviceId: z.string(),
  /** Optimistic lock: adds 1 with every write. */
  version: z.int(),
  /** The last 20, newest last. */
  heard: z.array(Contact),
  /** What is wrong with it, or was last; absent where nothing ever was. */
  faults: FaultsByKind.exactOptional(),
});
export type Contacts = z.infer<typeof Contacts>;

/** The contacts of each device that could be read; those of one that is missing could not. */
export type ContactsByDevice = ReadonlyMap<string, readonly Contact[]>;

type Heard = Pick<Reading, 'measuredAt' | 'arrivedAt'>;

/** Quarter-hourly cuffs of five hours: about as far back as vitals go. */
export const REMEMBERED_CONTACTS = 20;
/** As exact as a device's clock has to be: to know more closely when it was heard would be of no use. */
const PAUSE_MS = 5 * 60_000;

export function contactsKey(deviceId: string): string {
  return `CONTACTS#${deviceId}`;
}

/** The device's contacts with these readings, one version on; the same object when they say nothing new. */
export function mergeContacts(
  known: Contacts | undefined,
  deviceId: string,
  readings: readonly Heard[],
): Contacts {
  const heard = hear(known?.heard ?? [], readings);
  if (known && isSame(known.heard, heard)) return known;
  return { ...(known ?? nothingKnown(deviceId)), version: (known?.version ?? 0) + 1, heard };
}

/** The device's contacts with the faults after these signs, likewise. */
export function mergeFaults(
  known: Contacts | undefined,
  deviceId: string,
  signs: readonly (DeviceSign | ForgottenFault)[],
): Contacts {
  const before = known?.faults ?? {};
  const { faults } = foldFaults(before, signs);
  if (known && faults === before) return known;
  return { ...(known ?? nothingKnown(deviceId)), version: (known?.version ?? 0) + 1, faults };
}

function nothingKnown(deviceId: string): Omit<Contacts, 'version'> {
  return { pk: contactsKey(deviceId), kind: 'contacts', deviceId, heard: [] };
}

/** False when the last contact has merely gone on for a little, and in time. Where a clock may be wrong, each delay counts. */
export function isMoreThanLasting(stored: Contacts, merged: Contacts): boolean {
  const [before, after] = [stored.heard.at(-1), merged.heard.at(-1)];
  if (!before || !after || after.mostDelayMs > PAUSE_MS) return true;
  const isSameContact =
    isSame(stored.heard.slice(0, -1), merged.heard.slice(0, -1)) && before.from === after.from;
  return !isSameContact || Date.parse(after.to) - Date.parse(before.to) >= UNWRITTEN_MS;
}

/** The contacts with these arrivals, in whatever order and however often they come. */
export function hear(known: readonly Contact[], readings: readonly Heard[]): Contact[] {
  const contacts = [...known, ...readings.map(contactOf)].sort((a, b) => compare(a.from, b.from));
  const joined: Contact[] = [];
  for (const next of contacts) {
    const last = joined.at(-1);
    if (last && Date.parse(next.from) - Date.parse(last.to) <= PAUSE_MS) {
      joined[joined.length - 1] = together(last, next);
    } else joined.push(next);
  }
  return joined.slice(-REMEMBERED_CONTACTS);
}

function contactOf({ measuredAt, arrivedAt }: Heard): Contact {
  const delayMs = Date.parse(arrivedAt) - Date.parse(measuredAt);
  return { from: arrivedAt, to: arrivedAt, leastDelayMs: delayMs, mostDelayMs: delayMs };
}

function together(one: Contact, next: Contact): Contact {
  return {
    from: one.from,
    to: next.to > one.to ? next.to : one.to,
    leastDelayMs: Math.min(one.leastDelayMs, next.leastDelayMs),
    mostDelayMs: Math.max(one.mostDelayMs, next.mostDelayMs),
  };
}

function isSame(a: readonly Contact[], b: readonly Contact[]): boolean {
  const [one, other] = [a, b].map((contacts) =>
    contacts.map(({ from, to, leastDelayMs, mostDelayMs }) => [from, to, leastDelayMs, mostDelayMs].join()),
  );
  return one?.join(';') === other?.join(';');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
