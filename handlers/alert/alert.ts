/** The alert: the open problem of one patient or device, or a drill, and everything that decides who answers for it. It is the fold of its events. */
import { z } from 'zod';
import { Danger } from '../clinical/danger.ts';
import { alarmLevels } from '../clinical/severity.ts';
import { Place } from '../naming/place.ts';
import { Timings } from '../timings/timings.ts';
import { ClosingReason } from './closing-reasons.ts';
import { escalationLevels } from './escalation-levels.ts';
import { AlertEvent, Purpose, TurnAt } from './event.ts';
import { AlarmingMeasurement } from './stands-on.ts';

const Instant = z.iso.datetime();
const Id = z.string().min(1);

/** Who answers for the patient, or did so for an earlier round and is responsible until the present one has somebody. */
const Owner = z.strictObject({
  clinicianId: Id,
  role: Id,
  /** The round that was accepted. */
  round: z.int(),
  acceptedAt: Instant,
  /**
   * The acceptance that answered the last bad news: only readings measured and arrived after it can show recovery.
   * Saying "I will" to a measurement to repeat does not move it, so the good readings since then still count.
   */
  attendedAt: Instant,
});
export type Owner = z.infer<typeof Owner>;

/** One need for an answer. */
const Round = z.strictObject({
  number: z.int(),
  /** Why it asks: a new problem, worse news, another ward, still critical at the recheck, or no new measurement. */
  asking: Purpose.exclude(['reminder']),
  /** Who cannot come; `everyone` starts afresh with each attempt. */
  declined: z.array(Id),
  /** Page ids by clinician: created once, reused by reminders and retries. */
  pages: z.record(Id, Id),
  /** Whom the owner before hands it over to: asked alone, before the level is. Null once the level is asked. */
  handedTo: Id.nullable(),
});

/**
 * One waiting task: the level that is asked, for the how-manieth time, and what became of its mails. Once somebody has
 * accepted, or it is over: the last one, of which mails that were under way are still recorded.
 */
const Step = z.strictObject({
  /** The `seq` of the event that began it, or its news: mails are counted for what they told. */
  id: z.int(),
  escalationLevel: z.enum(escalationLevels),
  /** Waiting tasks on this level before the present one: 0 the page, 1 the reminder. */
  attempt: z.int(),
  /** Clinicians asked: each is asked once. */
  asked: z.array(Id),
  /** Whose mail has been published: clinicians, and the operations (`operationsMail`, `operationsWebhook`). */
  mailed: z.array(Id),
  /** When the mails that have to wait for their address may go out, by whom they are for. */
  turns: z.record(Id, TurnAt),
  /** Clinicians whose page could not be sent; the next step tries them again. */
  unreachable: z.array(Id),
});
export type Step = z.infer<typeof Step>;

/**
 * Whoever was called (clinicians, `operationsMail`, `operationsWebhook`), has not answered, and has not heard that they need not
 * come; with who gave the alert up, until another one has it.
 */
const Called = z.strictObject({
  whom: z.array(Id),
  /** Their mails give way to others until then. */
  notBefore: Instant.nullable(),
  /** How many incidents the webhook was told of (incidents.ts); none: none. */
  incidents: z.int().exactOptional(),
  /** Keys of an alert's before: it is over, and the webhook has yet to hear of that. */
  formerIncidents: z.array(Id).exactOptional(),
});
export type Called = z.infer<typeof Called>;

/** When the present wait ends (absolute: no wake, retry or take-over restarts it), and when the sweeper takes it for stuck. */
const open = { deadline: Instant, dueAt: Instant };

/** Who accepted last, and stays responsible until somebody else accepts; null until anybody has. */
const former = { formerOwner: Owner.nullable() };

const Standing = z.discriminatedUnion('is', [
  /** The round asks, and nobody has answered. */
  z.strictObject({ is: z.literal('waiting'), ...open, ...former }),
  /** Everyone has been tried and nobody could be reached: a pause before the next attempt. */
  z.strictObject({ is: z.literal('backingOff'), ...open, ...former }),
  /** The round has an owner; the deadline is the recheck's. */
  z.strictObject({ is: z.literal('owned'), ...open, owner: Owner }),
  z.strictObject({
    is: z.literal('closed'),
    at: Instant,
    reason: ClosingReason,
    /** Null when the readings ended it. */
    clinicianId: Id.nullable(),
    /** When the sweeper takes it for stuck: only while somebody has yet to hear that it is over. */
    dueAt: Instant.nullable(),
    ...former,
  }),
]);
export type Standing = z.infer<typeof Standing>;
export type OpenStanding = Exclude<Standing, { is: 'closed' }>;

export const Alert = z.strictObject({
  /** `PATIENT#<patientId>`, say: which kind of alert it is (alert-key.ts). */
  pk: Id,
  kind: z.literal('alert'),
  alertId: Id,
  /** What people say on the telephone: six characters. */
  reference: Id,
  /** Null: no patient's. */
  patientId: Id.nullable(),
  /** Adds 1 with every write and never restarts, not even for the patient's next alert. */
  seq: z.int(),
  /** The one execution that may act for this alert. */
  executionName: Id,
  /** How often the sweeper has raised it again. */
  raisedAgain: z.int(),
  place: Place,
  /**
   * When the newest reading was measured that says where the patient lies: an older one never moves the alert back. Null:
   * none has, and the fallback ward stands for the place.
   */
  placedAt: Instant.nullable(),
  /** Places that pages have named, oldest first. */
  told: z.array(Place),
  /** The policy of its newest ward, e.g. `adult`. */
  policy: Id,
  /** What it was opened with, kept to its end (decisions/0032); none: the defaults. */
  timings: Timings.exactOptional(),
  /** Arrival of the reading that opened it. */
  arrivedAt: Instant,
  openedAt: Instant,
  worst: z.enum(alarmLevels),
  /** When its newest alarming reading, trusted or suspect, was measured: recovery has to be newer. */
  alarmedAt: Instant,
  /** What the last pages said, or whoever accepted had read; null until the first page. */
  announced: z.enum(alarmLevels).nullable(),
  /** Alarming, and not withdrawn. */
  standsOn: z.array(AlarmingMeasurement),
  /** Nothing is left that it stands on: whoever has it, or is asked, has yet to hear of that (`news`), or has. */
  withdrawal: z.enum(['news', 'told']).nullable(),
  /** A reading has alarmed since they heard of that, and they have yet to hear of it. */
  alarmsAgain: z.boolean(),
  /** How far what it stands on was beyond the limits when pages last went out. */
  announcedDanger: Danger,
  round: Round,
  step: Step,
  called: Called,
  standing: Standing,
  /** The last 20, newest last: a writer whose reply was lost finds its own here. */
  events: z.array(AlertEvent),
});
export type Alert = z.infer<typeof Alert>;
export type OpenAlert = Alert & { standing: OpenStanding };
export type OwnedAlert = Alert & { standing: Extract<Standing, { is: 'owned' }> };

/** The operations among those who are `mailed`, and `called`; no clinician's id has such a sign. */
export const operationsMail = '#mail';
export const operationsWebhook = '#webhook';

export function isOpen(alert: Alert): alert is OpenAlert {
  return alert.standing.is !== 'closed';
}

/** True when somebody answers for the present round; the owner of an earlier one is only still responsible. */
export function isOwned(alert: Alert): alert is OwnedAlert {
  return alert.standing.is === 'owned';
}

/** Who answers for the patient, or did so last; null until somebody has accepted. */
export function responsible({ standing }: Alert): Owner | null {
  return standing.is === 'owned' ? standing.owner : standing.formerOwner;
}
