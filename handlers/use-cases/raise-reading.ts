/** A claimed reading becomes an alert, or a part of the one that is open, in one write with its claim. */
import { randomUUID } from 'node:crypto';
import type { Claim } from '../alert/claim.ts';
import { claimKey } from '../alert/claim-reading.ts';
import { ItemMissing, persistently, type StoredAlert } from '../aws/dynamodb/alert-store.ts';
import { wake } from '../aws/workflow.ts';
import { tellOf } from './change-alert.ts';
import { readableAlert } from './readable-alert.ts';
import { readableClaim } from './readable-claim.ts';
import { takeBackIfReplaced } from './take-back.ts';
import { type Written, writeChange } from './write-change.ts';

/** What became of a claimed reading. `opened` and `takenOver`: the execution that asked carries the alert now. */
export type Raised = {
  outcome: 'opened' | 'takenOver' | 'joined';
  /** Null when the claim does not say. */
  alertId: string | null;
  /** The execution that carries the alert, or carried it last; null when nothing of that alert is left. */
  carriedBy: string | null;
};

const nothingLeft: Raised = { outcome: 'joined', alertId: null, carriedBy: null };

/** A claim that was fulfilled before says `joined`, unless it was by this execution. */
export async function raiseReading(
  tableName: string,
  readingId: string,
  executionName: string,
  now: string,
): Promise<Raised> {
  const attempt = { at: now, writeId: randomUUID() };
  return persistently(claimKey(readingId), async () => {
    const claim = await readableClaim(tableName, readingId, now);
    if (!claim) throw new ItemMissing(claimKey(readingId));
    if (claim === 'settled') return nothingLeft;
    // What is raised no more needs no other alert after one that is over.
    const ifOpen = claim.status === 'unfulfilled' ? undefined : 'ifOpen';
    const before = await readableAlert(tableName, claim.alertKey, now, ifOpen);
    const written = await writeChange(tableName, before, { type: 'raise', claim, executionName }, attempt);
    const isWritten = !('refused' in written);
    if (isWritten) await tellOf(written);
    if (claim.status !== 'superseded') await takeBackIfReplaced(tableName, claim, undefined, now);
    return isWritten ? raised(written) : raisedBefore(claim, before, executionName);
  });
}

function raised({ stored, event }: Written): Raised {
  const { alertId, executionName: carriedBy } = stored.alert;
  if (event.type === 'raised') return { outcome: 'opened', alertId, carriedBy };
  const isTakenOver = event.type === 'joined' && event.takenOverBy !== null;
  return { outcome: isTakenOver ? 'takenOver' : 'joined', alertId, carriedBy };
}

/** Also how a state that is tried again learns that its first try took effect; its wake may be what was lost. */
async function raisedBefore(
  claim: Claim,
  stored: StoredAlert | undefined,
  executionName: string,
): Promise<Raised> {
  if (claim.status !== 'fulfilled') return nothingLeft;
  const { alertId } = claim;
  if (stored?.alert.alertId !== alertId) return { outcome: 'joined', alertId, carriedBy: null };
  const { executionName: carriedBy, standing } = stored.alert;
  if (standing.is === 'closed') return { outcome: 'joined', alertId, carriedBy };
  if (carriedBy === executionName) return { outcome: 'opened', alertId, carriedBy };
  if (stored.token !== null) await wake(stored.token);
  return { outcome: 'joined', alertId, carriedBy };
}
