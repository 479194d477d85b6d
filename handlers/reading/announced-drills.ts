/** When a ward has a drill: only then a test or demonstration is more than archived. */
import { z } from 'zod';
import type { Reading } from '../clinical/reading.ts';
import type { ClinicalLevel } from '../clinical/severity.ts';
import { expiresAfter, later } from '../time/instant.ts';

const Instant = z.iso.datetime();
const Drill = z.object({ from: Instant, until: Instant });
type Drill = z.infer<typeof Drill>;

/** One item a ward, to which each drill adds. */
export const AnnouncedDrills = z.object({
  pk: z.string(),
  kind: z.literal('announcement'),
  drills: z.array(Drill),
  /** Epoch seconds: later than any record is delivered again. */
  expiresAt: z.int(),
});
export type AnnouncedDrills = z.infer<typeof AnnouncedDrills>;

export function announcementKey(ward: string): string {
  return `ANNOUNCED#${ward}`;
}

/** Enough to send a reading, or to set a device to test and measure once or twice. */
const LASTS_SECONDS = 15 * 60;
/** The clocks of whoever announces it and of the stream may differ by so much. */
const BEGINS_BEFORE_SECONDS = 5 * 60;
/** A year of a drill each day: far below what an item holds. What is left out is older than any record. */
const REMEMBERED_DRILLS = 365;

/** With one drill more, from now on (ISO 8601 UTC); those before stay, so that a record that comes again is judged the same. */
export function withDrill(known: AnnouncedDrills | undefined, ward: string, now: string): AnnouncedDrills {
  const drill = { from: later(now, -BEGINS_BEFORE_SECONDS), until: later(now, LASTS_SECONDS) };
  return {
    pk: announcementKey(ward),
    kind: 'announcement',
    drills: [...(known?.drills ?? []), drill].slice(-REMEMBERED_DRILLS),
    expiresAt: expiresAfter(now),
  };
}

/**
 * True for a reading that is a drill's where one is announced: a test that would alarm, and any demonstration, which is else a
 * fault of the device. What corrects a measurement is of that one's patient.
 */
export function isForDrills(
  { quality, replaces }: Pick<Reading, 'quality' | 'replaces'>,
  levelIfReal: ClinicalLevel | null,
): boolean {
  return !replaces && (quality === 'demo' || (quality === 'test' && levelIfReal !== null));
}

/** The latest of those that a reading is in: by its arrival, however often and late its record is delivered. */
export function drillAt(announced: AnnouncedDrills | undefined, arrivedAt: string): Drill | undefined {
  return announced?.drills.findLast(({ from, until }) => from <= arrivedAt && arrivedAt < until);
}
