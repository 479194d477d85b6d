/**
 * How executions and the answer page change an alert: one write (write-change.ts), and whatever waits for it is woken when it
 * has to hear of that.
 */
import { randomUUID } from 'node:crypto';
import type { Alert } from '../alert/alert.ts';
import type { Claim, UnfulfilledClaim } from '../alert/claim.ts';
import { claimKey } from '../alert/claim-reading.ts';
import type { Command } from '../alert/decide.ts';
import type { Refusal } from '../alert/decision.ts';
import type { AlertEvent } from '../alert/event.ts';
import { raise } from '../alert/raise.ts';
import {
  ItemMissing,
  persistently,
  putAlertAndClaim,
  type StoredAlert,
} from '../aws/dynamodb/alert-store.ts';
import { readableClaim } from '../aws/dynamodb/claim-store.ts';
import { wake } from '../aws/workflow.ts';
import { readableAlert } from './readable-alert.ts';
import { after, type Changing, writeChange } from './write-change.ts';

/** The alert as written, or as it stood when the command was refused. */
export type Changed = { alert: Alert; refused?: Refusal };

/** Carries out a command, as `writeChange` does, and wakes what waits. Throws AlertNotWritten when the table stays silent. */
export async function changeAlert(
  tableName: string,
  of: Changing,
  command: Command,
  now: string,
): Promise<Changed> {
  const { stored, ...written } = await writeChange(tableName, of, command, now);
  if ('refused' in written) return { alert: stored.alert, refused: written.refused };
  return changed(stored, written.event);
}

/** What became of a claimed reading. `opened` and `takenOver`: the execution that asked carries the alert now. */
export type Raised = {
  outcome: 'opened' | 'takenOver' | 'joined';
  alertId: string;
  /** The execution that carries the alert, or carried it last; null when nothing of that alert is left. */
  carriedBy: string | null;
};

/**
 * Makes the claimed reading an alert, or a part of the one that is open, in one transaction with its claim. A claim that was
 * fulfilled before says `joined`, unless it was by this execution.
 */
export async function raiseReading(
  tableName: string,
  readingId: string,
  executionName: string,
  now: string,
): Promise<Raised | { outcome: 'joined'; alertId: null; carriedBy: null }> {
  const writeId = randomUUID();
  return persistently(claimKey(readingId), async () => {
    const claim = await readableClaim(tableName, readingId, now);
    if (!claim) throw new ItemMissing(claimKey(readingId));
    if (claim === 'settled' || claim.status === 'superseded')
      return { outcome: 'joined', alertId: null, carriedBy: null };
    const before = await readableAlert(tableName, claim.alertKey, now);
    if (claim.status === 'fulfilled') return raisedBefore(claim, before, executionName);
    return raiseNow(tableName, claim, before, executionName, { at: now, writeId });
  });
}

async function raiseNow(
  tableName: string,
  claim: UnfulfilledClaim,
  before: StoredAlert | undefined,
  executionName: string,
  write: { at: string; writeId: string },
): Promise<Raised> {
  const happened = raise(before?.alert, { claim, executionName }, write.at);
  const { next, event } = after(before, happened, write);
  await putAlertAndClaim(tableName, next, before, claim);
  const { alert } = await changed(next, event);
  const takenOver = happened.type === 'joined' && happened.takenOverBy !== null;
  return {
    outcome: happened.type === 'raised' ? 'opened' : takenOver ? 'takenOver' : 'joined',
    alertId: alert.alertId,
    carriedBy: alert.executionName,
  };
}

/** Also how an attempt learns that its own write took effect; its wake may be what was lost. */
async function raisedBefore(
  claim: Extract<Claim, { status: 'fulfilled' }>,
  stored: StoredAlert | undefined,
  executionName: string,
): Promise<Raised> {
  const { alertId } = claim;
  if (stored?.alert.alertId !== alertId) return { outcome: 'joined', alertId, carriedBy: null };
  const { executionName: carriedBy, standing } = stored.alert;
  if (standing.is === 'closed') return { outcome: 'joined', alertId, carriedBy };
  if (carriedBy === executionName) return { outcome: 'opened', alertId, carriedBy };
  if (stored.token !== null) await wake(stored.token);
  return { outcome: 'joined', alertId, carriedBy };
}

/** The write is certain, by its reply or by its event that was found: what waits is to hear of it. */
async function changed({ alert, token }: StoredAlert, event: AlertEvent): Promise<Changed> {
  if (token !== null && isHeard(event)) await wake(token);
  return { alert };
}

/** What ends a wait before its time: an answer, or news for whoever waits. */
function isHeard(event: AlertEvent): boolean {
  switch (event.type) {
    case 'accepted':
    case 'declined':
      return true;
    case 'closed':
      return event.clinicianId !== null;
    case 'joined':
      return event.news !== null && event.takenOverBy === null;
    default:
      return false;
  }
}
