/** The alert: the open problem of one patient, and everything that decides who answers for it. One item in the table. */
import type { AlarmLevel } from '../clinical/severity.ts';
import type { Place } from './place.ts';

/** The steps of the ladder, quietest first. */
export const rungs = ['nurse', 'doctor', 'lead', 'everyone'] as const;
export type Rung = (typeof rungs)[number];

export type AlertEventType =
  | 'raised'
  | 'joined'
  | 'superseded'
  | 'asking'
  | 'paged'
  | 'operations told'
  | 'waiting'
  | 'undeliverable'
  | 'accepted'
  | 'declined'
  | 'timed out'
  | 'escalated'
  | 'interrupted'
  | 'rechecked'
  | 'resumed'
  | 'closed'
  | 'unanswered';

/** What one write of the alert records; the table's stream archives it, so state and audit cannot differ. */
export type AlertEvent = {
  /** The alert's `seq` after the write: a missing number is a lost event. */
  seq: number;
  type: AlertEventType;
  /** ISO 8601, UTC. */
  at: string;
  /** Identifies the attempt that wrote it, so a writer whose reply was lost finds its own effect. */
  writeId: string;
  round: number;
  rung: Rung;
  level: AlarmLevel;
  /** raised, joined, superseded: the reading that did it. */
  readingId?: string;
  /** accepted, declined, closed: who answered. */
  clinicianId?: string;
  /** accepted: in which role. */
  role?: string;
  /** asking: whom mails are to follow; paged: whose mail was published; undeliverable: whose could not be. */
  pages?: { pageId: string; clinicianId: string; role: string; purpose: PagePurpose }[];
  /**
   * declined, escalated, rechecked, closed, undeliverable, waiting, resumed: why. operations told: by which channels.
   * joined, asking, interrupted: `moved`.
   */
  reason?: string;
  executionName?: string;
};

/** The operations among those who are `mailed`; no clinician's id has such a sign. */
export const operationsMail = '#mail';
export const operationsWebhook = '#webhook';

/** Why a clinician is asked: a new problem, a reminder of it, worse news, another place, or a measurement to repeat. */
export type PagePurpose = 'page' | 'reminder' | 'worse' | 'moved' | 'recheck' | 'repeat';

export type ClosingReason =
  | 'recovered'
  | 'seen and measured by hand'
  | 'transferred'
  | 'theatre'
  | 'comfort care'
  | 'died'
  | 'device removed';

export type Alert = Place & {
  /** `PATIENT#<patientId>`; drills have `DRILL#<drillId>`. */
  pk: string;
  kind: 'alert';
  alertId: string;
  /** What people say on the telephone: six characters. */
  reference: string;
  status: 'open' | 'closed';
  /** The one execution that may act for this alert. */
  executionName: string;
  /** Adds 1 with every write and never restarts, not even for the patient's next alert. */
  seq: number;
  /** How often the sweeper has raised it again. */
  attempt: number;
  patientId: string;
  /**
   * When the newest reading was measured that says where the patient lies: an older one never moves the alert back. Null:
   * none has, and the fallback ward stands for the place.
   */
  placedAt: string | null;
  /** Places that pages have named, oldest first. */
  told: Place[];
  /** The policy whose timings apply, e.g. `adult`. */
  policy: string;
  /** Arrival of the reading that opened it, ISO 8601 UTC. */
  arrivedAt: string;
  openedAt: string;
  /** One round is one need for an answer. */
  round: number;
  rung: Rung;
  /** Waiting tasks begun on this rung before the present one: 0 the page, 1 the reminder; on `everyone` the pass. */
  pass: number;
  /** Why this round asks: a new problem, worse news, another ward, still critical at the recheck, or no new measurement. */
  asking: 'page' | 'worse' | 'moved' | 'recheck' | 'repeat';
  ownerId: string | null;
  ownerRole: string | null;
  /** The round that the owner accepted; the owner stays responsible until a newer round has one. */
  ownerRound: number;
  acceptedAt: string | null;
  /**
   * The acceptance that answered the last bad news: only readings measured and arrived after it can show recovery.
   * Saying "I will" to a measurement to repeat does not move it, so the good readings since then still count.
   */
  attendedAt: string | null;
  /** Clinicians of this round who cannot come; `everyone` starts afresh with each pass. */
  declined: string[];
  /** Clinicians of this rung whose page could not be sent; the next rung tries them again. */
  unreachable: string[];
  worst: AlarmLevel;
  /** When its newest alarming reading, trusted or suspect, was measured: recovery has to be newer. */
  alarmedAt: string;
  /** What the last pages said, or whoever accepted had read; null until the first page. */
  announced: AlarmLevel | null;
  /** Clinicians asked in the present step (round, rung, pass and announced level): each is asked once. */
  asked: string[];
  /** Whose mail of the present step has been published: clinicians, and the operations (`operationsMail`, `operationsWebhook`). */
  mailed: string[];
  /** When the mails of the present step that have to wait for their address may go out, ISO 8601 UTC, by whom they are for. */
  turns: Record<string, string>;
  /** Everyone has been tried and nobody could be reached: the present wait is a pause before the next pass. */
  resting: boolean;
  /** This round's page ids by clinician: created once, reused by reminders and retries. */
  pages: Record<string, string>;
  /** The one task token that a bell rings; never leaves AWS. */
  token: string | null;
  /** When the present wait ends, absolute: no bell, retry or take-over restarts it. */
  deadline: string;
  /** `alert` while open: the partition of the sparse due index. */
  dueOn?: 'alert';
  /** When the sweeper takes it for stuck. */
  dueAt?: string;
  closedAt: string | null;
  closedBecause: ClosingReason | null;
  /** The last 20, newest last. */
  events: AlertEvent[];
};

/** One request to one clinician to answer: `PAGE#<pageId>`, where pageId is random and 128 bits long. */
export type Page = {
  pk: string;
  kind: 'page';
  pageId: string;
  alertKey: string;
  alertId: string;
  round: number;
  clinicianId: string;
  createdAt: string;
  /** Attempts that failed here, of anybody: every fifth passes the page on. */
  wrongPins: number;
  /** Epoch seconds: the table's time to live. */
  expiresAt: number;
};

/** The promise, on record, that an alarming reading will be raised: `READING#<readingId>`. */
export type Claim = Place & {
  pk: string;
  kind: 'claim';
  readingId: string;
  /** The alert it belongs to: `PATIENT#<patientId>`. */
  alertKey: string;
  patientId: string;
  status: 'unfulfilled' | 'fulfilled' | 'superseded';
  executionName: string;
  attempt: number;
  level: AlarmLevel;
  policy: string;
  policyVersion: string;
  /** The limits that it was judged by, by name. */
  limits: Record<string, number | null>;
  systolicMmHg: number | null;
  diastolicMmHg: number | null;
  /** When it counts as measured: when it arrived, unless its own time is to be believed. */
  measuredAt: string;
  arrivedAt: string;
  /** When the patient lay there: by the reading's own time, and never after its arrival. Null: nobody knows where. */
  placedAt: string | null;
  /** `claim` while unfulfilled: the partition of the sparse due index. */
  dueOn?: 'claim';
  dueAt?: string;
  /** The alert that took it. */
  alertId?: string;
  /** Only when superseded: the event that the table's stream archives. */
  event?: AlertEvent;
  expiresAt: number;
};
