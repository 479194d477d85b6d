/**
 * The versions of a measurement: what its sender amends, corrects or withdraws takes the place of what came before. The
 * newest by arrival counts, in whatever order they are taken up.
 */
import { z } from 'zod';
import type { Judgement } from '../clinical/judge.ts';
import type { Reading } from '../clinical/reading.ts';

type Judged = {
  reading: Pick<Reading, 'measurementId' | 'readingId' | 'arrivedAt' | 'quality' | 'replaces'>;
  judgement: Pick<Judgement, 'level'>;
};

/** A later version; the first one is a reading like any other. */
export const Version = z.object({
  measurementId: z.string(),
  readingId: z.string(),
  arrivedAt: z.iso.datetime(),
  is: z.enum(['alarming', 'harmless', 'withdrawn']),
});
export type Version = z.infer<typeof Version>;

/** As many as a sender corrects of one patient within a day, and more. */
const REMEMBERED_VERSIONS = 20;

/** What a measurement is known by whose sender has no id of its own for it. */
export function measurementIdOf(deviceId: string, measuredAt: string): string {
  return `${deviceId}@${measuredAt}`;
}

/** Those known, with these readings' own: each as it first arrived. */
export function mergeVersions(known: readonly Version[], judged: readonly Judged[]): Version[] {
  const byId = new Map<string, Version>();
  for (const version of [...known, ...judged.flatMap(versionOf)]) {
    const same = byId.get(version.readingId);
    if (!same || version.arrivedAt < same.arrivedAt) byId.set(version.readingId, version);
  }
  return [...byId.values()].sort(inOrderOfArrival).slice(-REMEMBERED_VERSIONS);
}

function versionOf({ reading, judgement }: Judged): Version[] {
  const { measurementId, readingId, arrivedAt, quality, replaces } = reading;
  if (!replaces) return [];
  const said = judgement.level === null ? 'harmless' : 'alarming';
  return [{ measurementId, readingId, arrivedAt, is: quality === 'withdrawn' ? 'withdrawn' : said }];
}

/** True of a reading that no later version has taken the place of. */
export function isNewestVersion(
  { readingId, measurementId }: Pick<Version, 'readingId' | 'measurementId'>,
  versions: readonly Version[],
): boolean {
  const newest = newestOf(measurementId, versions);
  return newest.length === 0 || (!isWithdrawn(newest) && newest.some((one) => one.readingId === readingId));
}

/** True when its sender says no more that the measurement alarms. */
export function isTakenBack(measurementId: string, versions: readonly Version[]): boolean {
  const newest = newestOf(measurementId, versions);
  return newest.length > 0 && (isWithdrawn(newest) || newest.every((one) => one.is === 'harmless'));
}

/** Several where one message says several, or where they came in the same millisecond. */
function newestOf(measurementId: string, versions: readonly Version[]): Version[] {
  const all = versions.filter((version) => version.measurementId === measurementId);
  const last = all
    .map(({ arrivedAt }) => arrivedAt)
    .sort()
    .at(-1);
  return all.filter(({ arrivedAt }) => arrivedAt === last);
}

function isWithdrawn(newest: readonly Version[]): boolean {
  return newest.some((one) => one.is === 'withdrawn');
}

/** Both in the order of their arrival. */
export function isSameVersions(some: readonly Version[], others: readonly Version[]): boolean {
  return some.map(arrivalOf).join() === others.map(arrivalOf).join();
}

function inOrderOfArrival(a: Version, b: Version): number {
  return arrivalOf(a) < arrivalOf(b) ? -1 : arrivalOf(a) > arrivalOf(b) ? 1 : 0;
}

function arrivalOf({ arrivedAt, readingId }: Version): string {
  return `${arrivedAt} ${readingId}`;
}
