/** Whoever has begun a shift is asked to check in: claimed and started, once, however often it is looked at. */
import pMap from 'p-map';
import { claimCheckIn } from '../alert/claim-check-in.ts';
import { loadRoster } from '../aws/s3/roster-store.ts';
import { shiftsBegun } from '../on-call/shifts-begun.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** As many as change shifts at once in a hospital, a second or two of calls. */
const AT_ONCE = { concurrency: 10 };

/** Gives how many are not certain to be asked; the next minutes try them again. Throws what the roster's bucket throws. */
export async function askCheckIns(at: ClaimsAt & { ROSTER_BUCKET: string }, now: string): Promise<number> {
  const begun = shiftsBegun(await loadRoster(at.ROSTER_BUCKET, Date.parse(now)), now);
  const done = await pMap(begun, (shift) => claimAndStart(at, claimCheckIn(shift, now)), AT_ONCE);
  return done.filter((isDone) => !isDone).length;
}
