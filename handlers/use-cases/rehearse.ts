/** Which readings of a batch are a drill's, and what becomes of them: nothing that concerns a patient or a device. */
import pMap from 'p-map';
import { claimDrill } from '../alert/claim-drill.ts';
import { getItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { levelIfReal } from '../clinical/judge.ts';
import type { Roster } from '../on-call/roster.ts';
import { AnnouncedDrills, announcementKey, isForDrills, isInDrill } from '../reading/announced-drills.ts';
import type { Arrival } from '../reading/kinesis-batch.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** A batch is of few wards. */
const AT_ONCE = { concurrency: 10 };

/**
 * Those that arrived in an announced drill: one read for each ward that has something for drills. Where that read fails, no
 * drill counts as announced: whoever holds one sees that no mail comes, and no patient's reading waits.
 */
export async function rehearsedIn(tableName: string, arrivals: readonly Arrival[]): Promise<Arrival[]> {
  const concerned = arrivals.filter(({ reading, judgement }) => isForDrills(reading, levelIfReal(judgement)));
  const byWard = Map.groupBy(concerned, ({ reading }) => reading.ward);
  const drills = await pMap(
    byWard,
    async ([ward, ofWard]) => {
      const announced = await announcedIn(tableName, ward);
      return ofWard.filter(({ reading }) => isInDrill(announced, reading.arrivedAt));
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

/** Raises one that would alarm if it were a patient's; gives the sequence numbers of the records that must come again. */
export async function rehearse(
  arrival: Arrival,
  at: ClaimsAt & { roster: Roster; now: string },
): Promise<string[]> {
  const level = levelIfReal(arrival.judgement);
  if (level === null) return [];
  const claim = claimDrill({ ...arrival, hospital: at.roster }, level, at.now);
  return (await claimAndStart(at, claim)) ? [] : [arrival.sequenceNumber];
}
