/** Which readings of a batch are a drill's, and what becomes of them: nothing that concerns a patient or a device. */
import pMap from 'p-map';
import { claimDrill } from '../alert/claim-drill.ts';
import { StoredAlert } from '../aws/dynamodb/alert-store.ts';
import { getItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { levelIfReal } from '../clinical/judge.ts';
import type { Roster } from '../on-call/roster.ts';
import { AnnouncedDrills, announcementKey, drillAt, isForDrills } from '../reading/announced-drills.ts';
import type { Arrival } from '../reading/kinesis-batch.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** `announcedFrom`: when the drill that it arrived in begins, ISO 8601 UTC. */
type Rehearsed = { arrival: Arrival; announcedFrom: string };

/** A batch is of few wards. */
const AT_ONCE = { concurrency: 10 };

/**
 * Those that arrived in an announced drill: one read for each ward that has something for drills. Where that read fails, no
 * drill counts as announced: whoever holds one sees that no mail comes, and no patient's reading waits.
 */
export async function rehearsedIn(tableName: string, arrivals: readonly Arrival[]): Promise<Rehearsed[]> {
  const concerned = arrivals.filter(({ reading, judgement }) => isForDrills(reading, levelIfReal(judgement)));
  const byWard = Map.groupBy(concerned, ({ reading }) => reading.ward);
  const drills = await pMap(
    byWard,
    async ([ward, ofWard]) => {
      const announced = await announcedIn(tableName, ward);
      return ofWard.flatMap((arrival) => {
        const drill = drillAt(announced, arrival.reading.arrivedAt);
        return drill ? [{ arrival, announcedFrom: drill.from }] : [];
      });
    },
    AT_ONCE,
  );
  return drills.flat();
}

async function announcedIn(tableName: string, ward: string): Promise<AnnouncedDrills | undefined> {
  try {
    return parseOrForget(AnnouncedDrills, await getItem(tableName, announcementKey(ward)));
  } catch (error) {
    logger.error('announcement-not-read', { error: errorName(error) });
    metrics.addMetric('ClaimNotWritten', 'Count', 1);
    return undefined;
  }
}

/**
 * Raises one that would alarm if it were a patient's, unless the drill that it would join is over; gives the sequence numbers of
 * the records that must come again.
 */
export async function rehearse(
  { arrival, announcedFrom }: Rehearsed,
  at: ClaimsAt & { roster: Roster; now: string },
): Promise<string[]> {
  const level = levelIfReal(arrival.judgement);
  if (level === null) return [];
  const claim = claimDrill({ ...arrival, hospital: at.roster }, level, at.now);
  if (await wasHeld(at.TABLE_NAME, claim.alertKey, announcedFrom)) return [];
  return (await claimAndStart(at, claim)) ? [] : [arrival.sequenceNumber];
}

/** A device goes on measuring when somebody has answered. Where that cannot be read, a drill too many does no harm. */
async function wasHeld(tableName: string, alertKey: string, announcedFrom: string): Promise<boolean> {
  try {
    const alert = parseOrForget(StoredAlert, await getItem(tableName, alertKey))?.alert;
    return alert?.standing.is === 'closed' && alert.arrivedAt >= announcedFrom;
  } catch (error) {
    logger.warn('drill-not-read', { error: errorName(error) });
    return false;
  }
}
