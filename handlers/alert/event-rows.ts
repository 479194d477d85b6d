/** The archive's rows of what happened: one for each event, one for each page of it. The columns of sql/tables/events.sql. */
import { hashed } from '../naming/hashed.ts';
import { archiveTimestamp } from '../time/instant.ts';
import { type Alert, responsible } from './alert.ts';
import type { Claim } from './claim.ts';
import type { AlertEvent, AlertEventType, Request, StepOf } from './event.ts';
import type { SetAside } from './set-aside.ts';

/** Why an alert was set aside, and why the next one was raised without a reading. */
const UNREADABLE = 'unreadable';

export type EventRow = ReturnType<typeof row>;

/**
 * The rows of one write of an alert: its newest event. None for an image without a new event. Throws when the write
 * carries no event of its own number: that would be a gap in the audit.
 */
export function alertRows(before: { seq?: unknown } | undefined, alert: Alert): EventRow[] {
  if (before?.seq === alert.seq) return [];
  const event = alert.events.at(-1);
  if (event?.seq !== alert.seq) throw new EventMissing(alert.alertId, alert.seq);
  const pages = pagesOf(event) ?? [undefined];
  const { id: _id, ...step } = 'step' in event ? event.step : { ...alert.step, round: alert.round.number };
  return pages.map((page, index) =>
    row({
      eventId: `${alert.pk}#${alert.seq}#${index}`,
      rows: pages.length,
      alertKey: alert.pk,
      alertId: alert.alertId,
      seq: event.seq,
      type: event.type,
      at: event.at,
      step,
      asking: alert.round.asking,
      level: alert.worst,
      place: alert.place,
      policy: alert.policy,
      clinicianId: page?.clinicianId ?? ('clinicianId' in event ? event.clinicianId : null),
      role: page?.role ?? ('role' in event ? event.role : null),
      page,
      readingId: 'readingId' in event ? event.readingId : null,
      reason: reasonOf(event),
      executionName: alert.executionName,
      arrivedAt: alert.arrivedAt,
      ownerId: responsible(alert)?.clinicianId ?? null,
      ...(index === 0
        ? { happened: JSON.stringify(sealedEvent(event)), stateHash: stateHash(sealedAlert(alert)) }
        : { happened: null, stateHash: null }),
    }),
  );
}

/** The row of a claim that was put aside as superseded; none for any other, nor for a second image of it. */
export function claimRows(before: unknown, claim: Claim): EventRow[] {
  if (before !== undefined || claim.status !== 'superseded') return [];
  return [
    row({
      ...nothingElse,
      eventId: `${claim.pk}#0#0`,
      alertKey: claim.alertKey,
      alertId: null,
      seq: 0,
      type: 'superseded',
      at: claim.claimedAt,
      level: claim.level,
      place: claim.place,
      policy: claim.policy,
      readingId: claim.readingId,
      arrivedAt: claim.arrivedAt,
    }),
  ];
}

/** What is not an event of an alert has one row, and nobody who is asked by it. */
const nothingElse = {
  rows: 1,
  // The first level stands for "before the escalation".
  step: { round: 0, escalationLevel: 'nurse', attempt: 0 },
  asking: null,
  clinicianId: null,
  role: null,
  page: undefined,
  readingId: null,
  reason: null,
  executionName: null,
  ownerId: null,
  happened: null,
  stateHash: null,
} as const;

/** The row of an item that was set aside. */
export function asideRows(aside: SetAside): EventRow[] {
  const { alertKey, alertId, seq, at, round, level, place, policy } = aside;
  return [
    row({
      ...nothingElse,
      eventId: `${alertKey}#${seq}#0`,
      alertKey,
      alertId,
      seq,
      type: 'setAside',
      at,
      step: { ...nothingElse.step, round },
      level,
      place,
      policy,
      reason: UNREADABLE,
      arrivedAt: at,
    }),
  ];
}

/** A write of the alert whose image does not hold the event that it should record. */
export class EventMissing extends Error {
  override readonly name = 'EventMissing';
  constructor(alertId: string, seq: number) {
    super(`The alert ${alertId} was written with seq ${seq}, but carries no event of that number`);
  }
}

/** The event as the archive keeps it: a page's id is its link's secret, and stands there as its hash. */
export function sealedEvent(event: AlertEvent): AlertEvent {
  if (!('pages' in event)) return event;
  return { ...event, pages: event.pages.map((page) => ({ ...page, pageId: hashed(page.pageId) })) };
}

/** The alert in the same form: what the fold of the archived events gives. */
export function sealedAlert(alert: Alert): Alert {
  const pages = Object.entries(alert.round.pages).map(([id, pageId]) => [id, hashed(pageId)]);
  return {
    ...alert,
    round: { ...alert.round, pages: Object.fromEntries(pages) },
    events: alert.events.map(sealedEvent),
  };
}

/** What a sealed alert is, but for the events themselves: whoever folds them has to come to the same. */
export function stateHash(sealed: Alert): string {
  const { events: _events, ...state } = sealed;
  return hashed(canonical(state));
}

/** JSON with the names of each object in order: a table's item comes back in another. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** One row tells that mails are to follow; each that was sent, or could not be, has its own. */
function pagesOf(event: AlertEvent): readonly Request[] | undefined {
  return event.type === 'paged' || event.type === 'undeliverable' ? event.pages : undefined;
}

/** Why it happened, as far as an event says. */
function reasonOf(event: AlertEvent): string | null {
  switch (event.type) {
    case 'raised':
      return event.readingId === null ? UNREADABLE : null;
    case 'joined':
    case 'asking':
      return event.news;
    case 'operationsTold':
      return event.by.join(', ');
    case 'interrupted':
      return event.by;
    case 'rechecked':
      return event.found;
    case 'handedOver':
      return event.to;
    case 'stoodDown':
      return event.whom.join(', ') || null;
    default:
      return 'reason' in event ? event.reason : 'because' in event ? event.because : null;
  }
}

function row(of: {
  eventId: string;
  rows: number;
  alertKey: string;
  alertId: string | null;
  seq: number;
  type: AlertEventType | 'superseded' | 'setAside';
  at: string;
  step: Omit<StepOf, 'id'>;
  asking: Alert['round']['asking'] | null;
  level: Alert['worst'];
  place: Alert['place'];
  policy: string;
  clinicianId: string | null;
  role: string | null;
  page: Request | undefined;
  readingId: string | null;
  reason: string | null;
  executionName: string | null;
  arrivedAt: string;
  ownerId: string | null;
  happened: string | null;
  stateHash: string | null;
}) {
  return {
    event_id: of.eventId,
    alert_key: of.alertKey,
    alert_id: of.alertId,
    seq: of.seq,
    event_rows: of.rows,
    type: of.type,
    occurred_at: archiveTimestamp(of.at),
    round: of.step.round,
    escalation_level: of.step.escalationLevel,
    attempt: of.step.attempt,
    asking: of.asking,
    level: of.level,
    ward: of.place.ward,
    bed: of.place.bed,
    policy: of.policy,
    clinician_id: of.clinicianId,
    role: of.role,
    page_id: of.page ? hashed(of.page.pageId) : null,
    purpose: of.page?.purpose ?? null,
    reading_id: of.readingId,
    reason: of.reason,
    execution_name: of.executionName,
    arrived_at: archiveTimestamp(of.arrivedAt),
    owner_id: of.ownerId,
    happened: of.happened,
    state_hash: of.stateHash,
  };
}
