/** What becomes of a claimed reading: its own alert, a part of the open one, or the rescue of one that is stuck. */
import { createHash } from 'node:crypto';
import { isWorse } from '../clinical/severity.ts';
import type { Alert, Claim } from './alert.ts';
import { dueNoLater, isOwned } from './answers.ts';
import { dueSoon, MOVED, record } from './events.ts';
import { later, rungSeconds, sooner } from './ladder.ts';
import { isElsewhere, isInAnotherWard, movedTo } from './newest-place.ts';

export type Raised = {
  outcome: 'opened' | 'joined' | 'taken over';
  alert: Alert;
  /** Worse news than the pages told, or another place: whoever is being waited for has to hear of it now. */
  worse: boolean;
  moved: boolean;
};

/** Crockford's base32: no I, L, O or U, so that a reference survives the telephone. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Enough of a hash that two alerts of a hospital never share an id. */
const ALERT_ID_CHARACTERS = 16;
/** A billion references: two open at once in one hospital hardly share one. */
const REFERENCE_CHARACTERS = 6;

/** `present` is the patient's item in the table: open, closed or none. The execution `me` carries what it opens or takes over. */
export function raise(
  claim: Claim,
  present: Alert | undefined,
  me: string,
  now: string,
  writeId: string,
): Raised {
  if (present?.status === 'open') return join(claim, present, me, now, writeId);
  const alert = newAlert(claim, present?.seq ?? 0, me, now);
  const { changed } = record(alert, {}, { type: 'raised', readingId: claim.readingId }, now, writeId);
  return { outcome: 'opened', alert: changed, worse: true, moved: false };
}

/** True when its next step should have happened a minute ago: whatever carried it is stuck or gone. */
export function isOverdue(item: { dueAt?: string }, now: string): boolean {
  return item.dueAt !== undefined && item.dueAt <= now;
}

function join(claim: Claim, alert: Alert, me: string, now: string, writeId: string): Raised {
  const stuck = isOverdue(alert, now);
  const worst = isWorse(claim.level, alert.worst) ? claim.level : alert.worst;
  const worse = alert.announced !== null && isWorse(claim.level, alert.announced);
  const measuredAt = measured(claim);
  const placed = movedTo(alert, { place: claim, at: claim.placedAt });
  const moved = isOwned(alert) ? isInAnotherWard(placed) : isElsewhere(placed);
  const { changed } = record(
    // Another ward has a policy of its own.
    placed.ward === alert.ward ? placed : { ...placed, policy: claim.policy },
    {
      worst,
      alarmedAt: measuredAt > alert.alarmedAt ? measuredAt : alert.alarmedAt,
      // Before anybody was told, no page announces the worse news: the first one has no more time than it grants.
      ...(alert.announced === null && {
        deadline: sooner(alert.deadline, later(now, rungSeconds(alert.rung, worst))),
      }),
      ...((worse || moved) && { resting: false, dueAt: dueNoLater(alert, now) }),
      ...(stuck && { executionName: me, dueAt: dueSoon(now) }),
    },
    { type: 'joined', readingId: claim.readingId, ...(moved && { reason: MOVED }) },
    now,
    writeId,
  );
  return { outcome: stuck ? 'taken over' : 'joined', alert: changed, worse, moved };
}

function newAlert(claim: Claim, seq: number, executionName: string, now: string): Alert {
  const { readingId, alertKey, patientId, policy, level, arrivedAt } = claim;
  const { ward, bed, device, deviceRegistered } = claim;
  const alertId = readingId.slice(0, ALERT_ID_CHARACTERS);
  return {
    pk: alertKey,
    kind: 'alert',
    alertId,
    reference: referenceOf(alertId),
    status: 'open',
    executionName,
    seq,
    attempt: 0,
    patientId,
    ward,
    bed,
    device,
    deviceRegistered,
    placedAt: claim.placedAt,
    told: [],
    policy,
    arrivedAt,
    openedAt: now,
    round: 1,
    rung: 'nurse',
    pass: 0,
    asking: 'page',
    ownerId: null,
    ownerRole: null,
    ownerRound: 0,
    acceptedAt: null,
    attendedAt: null,
    declined: [],
    unreachable: [],
    worst: level,
    alarmedAt: measured(claim),
    announced: null,
    asked: [],
    mailed: [],
    turns: {},
    resting: false,
    pages: {},
    token: null,
    deadline: later(now, rungSeconds('nurse', level)),
    closedAt: null,
    closedBecause: null,
    events: [],
  };
}

/** A device's clock may run ahead: nothing was measured after it arrived. */
function measured({ measuredAt, arrivedAt }: Claim): string {
  return measuredAt < arrivedAt ? measuredAt : arrivedAt;
}

/** What people call an alert by: six characters, the same ones for the same alert. */
export function referenceOf(alertId: string): string {
  const bytes = createHash('sha256').update(alertId).digest();
  return Array.from(
    { length: REFERENCE_CHARACTERS },
    (_, index) => CROCKFORD[bytes.readUInt8(index) % 32],
  ).join('');
}
