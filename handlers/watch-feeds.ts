/**
 * The watcher of the feeds. Each five minutes it looks which wards have not been heard for too long: a device that has
 * stopped says nothing that could alarm. It counts them for the alarm, and tells the operations once of each silence. Single
 * devices are watched where the roster says how often they measure: their silence is a technical alert.
 */
import pMap from 'p-map';
import { z } from 'zod';
import { readContacts } from './aws/dynamodb/contact-store.ts';
import { markTold, readFeed } from './aws/dynamodb/feed-store.ts';
import { OperationsNotTold, tellOperations } from './aws/operations.ts';
import { operationsSettings } from './aws/operations-settings.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import type { Roster } from './on-call/roster.ts';
import { type Feed, isSilent, isTold, watchedWards } from './reading/feeds.ts';
import { silenceOf, watchedDevices } from './reading/silent-devices.ts';
import { silentWardsMail } from './reading/silent-wards-mail.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger, metrics } from './runtime/logger.ts';
import { later } from './time/instant.ts';
import { seeToFaults } from './use-cases/see-to-faults.ts';

/** Reads under way at once: a hospital of a hundred wards is through in a second. */
const AT_ONCE = { concurrency: 10 };
/** Half of the function's time: a mail whose turn would come later is told by the next run. */
const LONGEST_WAIT_SECONDS = 25;

const settings = environment({
  ...operationsSettings,
  ROSTER_BUCKET: z.string().min(1),
  ESCALATION_ARN: z.string().min(1),
});
type Settings = ReturnType<typeof settings>;

/** What fails ends the run: the count of silent wards is then missing, which raises the same alarm. */
export async function handler(): Promise<{ watched: number; silent: number }> {
  const now = new Date().toISOString();
  const config = settings();
  const roster = await loadRoster(config.ROSTER_BUCKET, Date.parse(now));
  const watched = watchedWards(roster);
  const feeds = await pMap(
    watched,
    async (ward) => ({
      ...ward,
      feed: await readFeed(config.TABLE_NAME, ward.ward, now),
    }),
    AT_ONCE,
  );
  const silent = feeds.filter(({ feed, silentAfterMinutes }) => isSilent(feed, silentAfterMinutes, now));
  const untold = silent.filter(({ feed }) => !isTold(feed));
  logger.info('feeds-watched', { watched: watched.length, silent: silent.length });
  metrics.addMetric('WardsSilent', 'Count', silent.length);
  if (untold.length > 0) await tellOf(untold, roster.zone, config, now);
  const isSeenTo = await watchDevices(roster, { ...config, registry: roster, now });
  metrics.publishStoredMetrics();
  if (!isSeenTo) throw new SilenceNotRaised();
  return { watched: watched.length, silent: silent.length };
}

/** A device's silence is not certain to be raised; the next run tries again. */
class SilenceNotRaised extends Error {
  override readonly name = 'SilenceNotRaised';
}

/** True when the silence of each device is raised, or was. */
async function watchDevices(roster: Roster, at: Parameters<typeof seeToFaults>[2]): Promise<boolean> {
  const seenTo = await pMap(
    watchedDevices(roster),
    async (device) => {
      const sign = silenceOf(device, await readContacts(at.TABLE_NAME, device.id), at.now);
      return sign === undefined || (await seeToFaults(device.id, [sign], at)) !== undefined;
    },
    AT_ONCE,
  );
  return seenTo.every(Boolean);
}

/** What could not be told is told by the next run; a mark that is lost tells twice, which is better than not at all. */
async function tellOf(
  untold: readonly { ward: string; feed: Feed | undefined }[],
  zone: string,
  config: Settings,
  now: string,
): Promise<void> {
  const wards = untold.map(({ ward, feed }) => ({ ward, ...(feed?.heardAt && { heardAt: feed.heardAt }) }));
  try {
    await tellOperations(config, {
      id: `wards-silent/${now}`,
      mail: silentWardsMail(wards, zone),
      lane: 'routine',
      type: 'wards-silent',
      subject: 'feeds',
      urgent: false,
      latest: later(now, LONGEST_WAIT_SECONDS),
      waits: true,
    });
    await pMap(wards, ({ ward }) => markTold(config.TABLE_NAME, ward, now), AT_ONCE);
  } catch (error) {
    // That they were not told is logged and counted already.
    if (!(error instanceof OperationsNotTold))
      logger.error('silence-not-marked', { error: errorName(error) });
  }
}
