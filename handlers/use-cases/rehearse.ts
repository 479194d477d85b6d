/** Which readings of a batch are a drill's, and what becomes of them: nothing that concerns a patient or a device. */
import pMap from 'p-map';
import { claimDrill } from '../alert/claim-drill.ts';
import { getItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { levelIfReal } from '../clinical/judge.ts';
import type { Roster } from '../on-call/roster.ts';
import { AnnouncedDrills, announcementKey, isForDrills, isInDrill } from '../reading/announced-drills.ts';
import type { Arrival } from '../reading/kinesis-batch.ts';
import { errorName, logger } from '../runtime/logger.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** A batch is of few wards. */
const AT_ONCE = { concurrency: 10 };

/** `undecided`: the table would not say, so their records are to come again. */
type Rehearsed = { drills: Arrival[]; undecided: Arrival[] };

/** One read for each ward of which a test or demonstration has come. */
export async function rehearsedIn(tableName: string, arrivals: readonly Arrival[]): Promise<Rehearsed> {
  const tests = arrivals.filter(({ reading }) => isForDrills(reading));
  const byWard = Map.groupBy(tests, ({ reading }) => reading.ward);
  const found = await pMap(byWard, ([ward, ofWard]) => rehearsedOf(tableName, ward, ofWard), AT_ONCE);
  return {
    drills: found.flatMap(({ drills }) => drills),
    undecided: found.flatMap(({ undecided }) => undecided),
  };
}

async function rehearsedOf(tableName: string, ward: string, tests: Arrival[]): Promise<Rehearsed> {
  try {
    const announced = parseOrForget(AnnouncedDrills, await getItem(tableName, announcementKey(ward)));
    return { drills: tests.filter(({ reading }) => isInDrill(announced, reading.arrivedAt)), undecided: [] };
  } catch (error) {
    logger.error('announcement-not-read', { readings: tests.length, error: errorName(error) });
    return { drills: [], undecided: tests };
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
