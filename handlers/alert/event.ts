/**
 * What happened to an alert. Each write of the table's item records one event, numbered by `seq`; the table's stream
 * archives it, and the alert is the fold of its events: each carries whatever `evolve` needs.
 */
import { z } from 'zod';
import { Danger } from '../clinical/danger.ts';
import { alarmLevels } from '../clinical/severity.ts';
import { Place } from '../naming/place.ts';
import { Timings } from '../timings/timings.ts';
import { ClosingReason, Usefulness } from './closing-reasons.ts';
import { escalationLevels } from './escalation-levels.ts';

const Instant = z.iso.datetime();
/** When a mail may go out; with `+00:00` it is no turn yet, but when to try again for one (handlers/mail/pace.ts). */
export const TurnAt = z.iso.datetime({ offset: true });
const Id = z.string().min(1);
const EscalationLevel = z.enum(escalationLevels);
const AlarmLevel = z.enum(alarmLevels);

/**
 * Why a clinician is asked: a new problem, a reminder of it, worse news, another place, a measurement to repeat, since there is
 * none or since the alarming one was withdrawn, or since whoever had accepted hands it over, or gives it back.
 */
export const Purpose = z.enum([
  'page',
  'reminder',
  'worse',
  'moved',
  'recheck',
  'repeat',
  'withdrawn',
  'handedOver',
  'givenBack',
]);
export type Purpose = z.infer<typeof Purpose>;

/** One clinician's request in a step. */
const Request = z.strictObject({ pageId: Id, clinicianId: Id, role: Id, purpose: Purpose });
export type Request = z.infer<typeof Request>;

/** A place, and when the reading was measured that names it; null for a ward that only stands for a place which nobody knows. */
const Sighting = z.strictObject({ place: Place, at: Instant.nullable() });
export type Sighting = z.infer<typeof Sighting>;

/** Why the escalation moves on: the time is up, or nobody of the level is left. */
export const MoveReason = z.enum([
  'timeIsUp',
  'everybodyDeclined',
  'nobodyReached',
  'nobodyOnCall',
  'pageFailed',
]);
export type MoveReason = z.infer<typeof MoveReason>;

/** Why a page is declined: by its addressee, or since too many wrong PINs passed it on, which is no answer. */
export const DeclineReason = z.enum(['cannotCome', 'wrongPins']);
export type DeclineReason = z.infer<typeof DeclineReason>;

/** The step that mails belong to: by its id, and where it stood. */
const StepOf = z.strictObject({
  id: z.int(),
  round: z.int(),
  escalationLevel: EscalationLevel,
  attempt: z.int(),
});
export type StepOf = z.infer<typeof StepOf>;

const wait = { deadline: Instant, dueAt: Instant };
const entered = { because: MoveReason, escalationLevel: EscalationLevel, attempt: z.int(), ...wait };
const envelope = z.strictObject({
  /** The alert's `seq` after the write: a missing number is a lost event. */
  seq: z.int(),
  at: Instant,
  /** Identifies the attempt that wrote it, so a writer whose reply was lost finds its own effect. */
  writeId: Id,
});
type Envelope = z.infer<typeof envelope>;
const event = <const Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ ...envelope.shape, type: z.literal(type), ...shape });

export const AlertEvent = z.discriminatedUnion('type', [
  /** A reading opened the alert; or none, where the alert before could no longer be read and was set aside. */
  event('raised', {
    alertKey: Id,
    alertId: Id,
    executionName: Id,
    patientId: Id.nullable(),
    readingId: Id.nullable(),
    measurementId: Id.nullable(),
    level: AlarmLevel,
    policy: Id,
    sighting: Sighting,
    arrivedAt: Instant,
    measuredAt: Instant,
    danger: Danger,
    /** Where it begins: with the nurse, unless the alert before was louder already, or it is a check-in of another level. */
    firstLevel: EscalationLevel.exactOptional(),
    /** What a pager has yet to hear the end of, from the alert before. */
    formerIncidents: z.array(Id).exactOptional(),
    /** What the hospital says for the reading's policy and ward; none: the defaults. */
    timings: Timings.exactOptional(),
    ...wait,
  }),
  /** A further reading joined it. */
  event('joined', {
    readingId: Id,
    measurementId: Id,
    level: AlarmLevel,
    policy: Id,
    sighting: Sighting,
    arrivedAt: Instant,
    measuredAt: Instant,
    danger: Danger,
    /** Whoever is waited for, or owns it, has to hear of it now: of worse news, or of another place. */
    news: z.enum(['worse', 'moved']).nullable(),
    /** The execution that found the alert stuck and carries it from here on. */
    takenOverBy: Id.nullable(),
    ...wait,
  }),
  /** A measurement that it stands on was withdrawn, or corrected to a harmless one; `all`: nothing is left. */
  event('withdrawn', { measurementId: Id, all: z.boolean() }),
  /** Mails are to follow to these people. `paged` says for whom they did. */
  event('asking', {
    pages: z.array(Request).min(1),
    /** Why it asks afresh within the round. */
    news: z.enum(['worse', 'moved']).nullable(),
    sighting: Sighting.nullable(),
    ...wait,
  }),
  /** A task waits: for an answer, the recheck, the end of a pause, or a mail's turn. */
  event('waiting', { sighting: Sighting.nullable(), ...wait }),
  /** These mails were published; others have their turn later. */
  event('paged', {
    step: StepOf,
    pages: z.array(Request).min(1),
    turns: z.record(Id, TurnAt),
    dueAt: Instant,
  }),
  /** No mail of the step could go out yet, since others to the same people go first. */
  event('deferred', { step: StepOf, turns: z.record(Id, TurnAt), dueAt: Instant }),
  /** Somebody outside the escalation knows. */
  event('operationsTold', { step: StepOf, by: z.array(z.enum(['mail', 'webhook'])).min(1), dueAt: Instant }),
  /** These people's mail could not be sent. */
  event('undeliverable', { pages: z.array(Request).min(1), reason: z.string(), dueAt: Instant }),
  event('accepted', { clinicianId: Id, role: Id, ...wait }),
  event('declined', { clinicianId: Id, reason: DeclineReason, dueAt: Instant }),
  /** The same level is asked again: a reminder, or everyone once more. */
  event('timedOut', entered),
  /** The next level is asked. */
  event('escalated', entered),
  /** Everyone was asked, nobody answered, and everyone is asked again. */
  event('unanswered', entered),
  /** Nobody could be reached: a pause before everyone is asked again. */
  event('backedOff', { because: MoveReason, ...wait }),
  /** The owner has it, but there is news: a new round. */
  event('interrupted', {
    by: z.enum(['worse', 'moved', 'withdrawn']),
    escalationLevel: EscalationLevel,
    ...wait,
  }),
  /** The recheck did not show recovery: a new round. */
  event('rechecked', {
    found: z.enum(['stillCritical', 'noGoodMeasurement']),
    escalationLevel: EscalationLevel,
    ...wait,
  }),
  /** Another execution carries it from here on, since the former one was stuck or ended. */
  event('resumed', { because: z.enum(['overdue', 'executionEnded']), executionName: Id, dueAt: Instant }),
  /** The owner asks a colleague to take it: a new round. */
  event('handedOver', { clinicianId: Id, to: Id, escalationLevel: EscalationLevel, ...wait }),
  /** The owner cannot stay with it: a new round, one level above. */
  event('givenBack', { clinicianId: Id, escalationLevel: EscalationLevel, ...wait }),
  /** These people know that they need not come; whoever else is to hear it does later, or, where nobody is told now or later, no more. */
  event('stoodDown', { whom: z.array(Id), notBefore: Instant.nullable(), dueAt: Instant }),
  /** `usefulness`: what the closer says of the alert, if anything. */
  event('closed', {
    reason: ClosingReason,
    clinicianId: Id.nullable(),
    usefulness: Usefulness.exactOptional(),
  }),
]);
export type AlertEvent = z.infer<typeof AlertEvent>;
export type AlertEventType = AlertEvent['type'];
export type EventOf<Type extends AlertEventType> = Extract<AlertEvent, { type: Type }>;

/** What a rule decides: the event before it has its number, time and writer. */
export type Happened = AlertEvent extends infer Event
  ? Event extends AlertEvent
    ? Omit<Event, keyof Envelope>
    : never
  : never;

/** The event that records it. */
export function recorded(happened: Happened, envelope: Envelope): AlertEvent {
  return { ...happened, ...envelope };
}
