/** The archive's rows of what happened: one for each event, one for each page of it. The columns of sql/tables/events.sql. */
import { createHash } from 'node:crypto';
import { archiveTimestamp } from '../reading/archive-row.ts';
import type { Alert, AlertEvent, Claim } from './alert.ts';

/** One change of an item of the table, as its stream tells it. */
export type Change = { before?: Partial<Alert>; after?: Partial<Alert> | Partial<Claim> };

export type EventRow = ReturnType<typeof row>;

/**
 * The rows of one change: of an alert's write, its newest event; of a claim that was put aside as superseded, that.
 * Anything else (pages, vitals, an image without a new event) has none. Throws when an alert's write carries no event of
 * its own number: that would be a gap in the audit.
 */
export function eventRows({ before, after }: Change): EventRow[] {
  if (after?.kind === 'claim') {
    const claim = after as Claim;
    return before === undefined && claim.event ? [supersededRow(claim, claim.event)] : [];
  }
  if (after?.kind !== 'alert' || before?.seq === after.seq) return [];
  const alert = after as Alert;
  const event = alert.events.at(-1);
  if (event?.seq !== alert.seq) throw new EventMissing(alert.alertId, alert.seq);
  // One row tells that mails are to follow; each that was sent, or could not be, has its own.
  const pages = (event.type === 'asking' ? undefined : event.pages) ?? [undefined];
  return pages.map((page, index) =>
    row({
      rows: pages.length,
      eventId: `${alert.pk}#${alert.seq}#${index}`,
      alertKey: alert.pk,
      alertId: alert.alertId,
      event,
      place: alert,
      step: alert,
      clinicianId: page?.clinicianId ?? event.clinicianId,
      role: page?.role ?? event.role,
      page,
    }),
  );
}

/** A write of the alert whose image does not hold the event that it should record. */
export class EventMissing extends Error {
  override readonly name = 'EventMissing';
  constructor(alertId: string, seq: number) {
    super(`The alert ${alertId} was written with seq ${seq}, but carries no event of that number`);
  }
}

function supersededRow(claim: Claim, event: AlertEvent): EventRow {
  return row({
    rows: 1,
    eventId: `${claim.pk}#0#0`,
    alertKey: claim.alertKey,
    alertId: null,
    event,
    place: claim,
    step: null,
    clinicianId: undefined,
    role: undefined,
    page: undefined,
  });
}

/** A page's id is its link's secret, 128 random bits: nobody finds it by trying, so its hash, by which the archive tells pages apart, needs no key. */
function hashOfPage(pageId: string): string {
  return createHash('sha256').update(pageId).digest('hex').slice(0, 32);
}

function row(of: {
  rows: number;
  eventId: string;
  alertKey: string;
  alertId: string | null;
  event: AlertEvent;
  place: Pick<Alert, 'ward' | 'bed' | 'policy' | 'arrivedAt'>;
  step: Pick<Alert, 'pass' | 'asking' | 'ownerId'> | null;
  clinicianId: string | undefined;
  role: string | undefined;
  page: NonNullable<AlertEvent['pages']>[number] | undefined;
}) {
  const { event, place, step } = of;
  return {
    event_id: of.eventId,
    alert_key: of.alertKey,
    alert_id: of.alertId,
    seq: event.seq,
    event_rows: of.rows,
    type: event.type,
    occurred_at: archiveTimestamp(event.at),
    round: event.round,
    rung: event.rung,
    pass: step?.pass ?? 0,
    asking: step?.asking ?? null,
    level: event.level,
    ward: place.ward,
    bed: place.bed,
    policy: place.policy,
    clinician_id: of.clinicianId ?? null,
    role: of.role ?? null,
    page_id: of.page ? hashOfPage(of.page.pageId) : null,
    purpose: of.page?.purpose ?? null,
    reading_id: event.readingId ?? null,
    reason: event.reason ?? null,
    execution_name: event.executionName ?? null,
    arrived_at: archiveTimestamp(place.arrivedAt),
    owner_id: step?.ownerId ?? null,
  };
}
