/** Whether the devices of a ward are heard at all: what the consumer keeps of it, and when a ward counts as silent. */

import { z } from 'zod';
import { isOfNobody } from '../clinical/judge.ts';
import type { Reading } from '../clinical/reading.ts';
import type { Roster } from '../on-call/roster.ts';
import { expiresAfter } from '../time/instant.ts';
import type { DeviceRegistry } from './device-registry.ts';

/**
 * Half of the recorded cuffs (PhysioNet 2012, 3,486 patients) measure again within 60 minutes: a ward that says nothing for
 * one and a half times as long has missed several measurements, not one. A ward that measures more seldom says so in the
 * roster.
 */
const DEFAULT_SILENT_AFTER_MINUTES = 90;

/** A little longer than claims and vitals: a ward that is silent for so long is told of anew. */
const EXPIRES_AFTER_DAYS = 40;

/** `FEED#<ward>`: the consumer writes what it heard, the watcher what it told. */
export const Feed = z.object({
  pk: z.string(),
  kind: z.literal('feed'),
  ward: z.string(),
  /** Newest arrival of a reading of a registered device in this ward, ISO 8601 UTC; absent when there was none yet. */
  heardAt: z.iso.datetime().exactOptional(),
  /** When the operations were told last that the ward is silent. */
  toldAt: z.iso.datetime().exactOptional(),
  /** Epoch seconds. */
  expiresAt: z.int(),
});
export type Feed = z.infer<typeof Feed>;

export function feedKey(ward: string): string {
  return `FEED#${ward}`;
}

export function feedExpiry(at: string): number {
  return expiresAfter(at, EXPIRES_AFTER_DAYS);
}

/**
 * The newest arrival by the ward that the device is registered in: neither a stranger, who ends on the fallback ward, nor a
 * device carried to another ward makes that ward's own look alive; nor does one that is tested or shown.
 */
export function wardsHeard(
  readings: readonly Pick<Reading, 'deviceId' | 'arrivedAt' | 'quality'>[],
  devices: DeviceRegistry['devices'],
): Map<string, string> {
  const wardOf = new Map(devices.map(({ id, ward }) => [id, ward]));
  const heard = new Map<string, string>();
  for (const { deviceId, arrivedAt, quality } of readings) {
    const ward = wardOf.get(deviceId);
    if (ward && !isOfNobody({ quality }) && arrivedAt > (heard.get(ward) ?? '')) heard.set(ward, arrivedAt);
  }
  return heard;
}

export type WatchedWard = { ward: string; silentAfterMinutes: number };

/** Wards with a device that should speak: one on standby is not waited for. */
export function watchedWards({
  wards,
  devices,
}: {
  wards: readonly Pick<Roster['wards'][number], 'id' | 'silentAfterMinutes'>[];
  devices: readonly (DeviceRegistry['devices'][number] & { readonly standby?: boolean | undefined })[];
}): WatchedWard[] {
  const awaited = new Set(devices.flatMap(({ ward, standby }) => (standby ? [] : [ward])));
  return wards
    .filter(({ id }) => awaited.has(id))
    .map(({ id, silentAfterMinutes = DEFAULT_SILENT_AFTER_MINUTES }) => ({ ward: id, silentAfterMinutes }));
}

/** A ward that was never heard is silent from the first run on. */
export function isSilent(
  feed: Pick<Feed, 'heardAt'> | undefined,
  silentAfterMinutes: number,
  now: string,
): boolean {
  if (feed?.heardAt === undefined) return true;
  return Date.parse(now) - Date.parse(feed.heardAt) > silentAfterMinutes * 60_000;
}

/** Once an episode: what was heard since begins a new one. */
export function isTold(feed: Pick<Feed, 'heardAt' | 'toldAt'> | undefined): boolean {
  return feed?.toldAt !== undefined && feed.toldAt > (feed.heardAt ?? '');
}
