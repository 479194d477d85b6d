/**
 * How long an escalation waits for whom: the defaults, each with its source, and what a hospital says instead, for a policy or
 * for a ward. Whether that is soon enough is worst-case.ts's to say.
 */
import { z } from 'zod';
import { type AlarmLevel, isEmergency } from '../clinical/severity.ts';

/** Of each attempt on a level: half of it may go by until a mail's turn (mail/pace.ts), and the rest is for the answer. */
const Attempts = z.array(z.int().min(30).max(600)).min(1).max(5);

const shape = {
  /** A page and its reminders. */
  nurseSeconds: Attempts,
  doctorSeconds: Attempts,
  leadSeconds: Attempts,
  /** Until everyone is called again: a quarter of an hour at the most, and not so often that nobody could answer. */
  everyoneAgainSeconds: z.int().min(60).max(900),
  /** From acceptance to the recheck. */
  recheckSeconds: z.int().min(60).max(1800),
};

/** One severity's. */
const Ladder = z.strictObject(shape);
export type Ladder = z.infer<typeof Ladder>;

/** A suspect reading has those of what it would read as. */
export const Timings = z.strictObject({ critical: Ladder, emergency: Ladder });
export type Timings = z.infer<typeof Timings>;
export type TimedSeverity = keyof Timings;

const OwnLadder = z.strictObject({
  nurseSeconds: shape.nurseSeconds.exactOptional(),
  doctorSeconds: shape.doctorSeconds.exactOptional(),
  leadSeconds: shape.leadSeconds.exactOptional(),
  everyoneAgainSeconds: shape.everyoneAgainSeconds.exactOptional(),
  recheckSeconds: shape.recheckSeconds.exactOptional(),
});
/** What is said stands in place of the default. */
export const OwnTimings = z.strictObject({
  critical: OwnLadder.exactOptional(),
  emergency: OwnLadder.exactOptional(),
});
export type OwnTimings = z.infer<typeof OwnTimings>;

/** decisions/0022: everyone is called within 12 of the 15 minutes, of an emergency within 2 of the 5. */
export const defaultTimings: Timings = {
  critical: {
    nurseSeconds: [120, 120],
    doctorSeconds: [120, 120],
    leadSeconds: [120, 120],
    everyoneAgainSeconds: 900,
    // ACOG CO 767 repeats the measurement within 15 minutes.
    recheckSeconds: 900,
  },
  emergency: {
    nurseSeconds: [60, 60],
    doctorSeconds: [60, 60],
    leadSeconds: [60, 60],
    everyoneAgainSeconds: 900,
    // Vigil's own: as soon as a cuff has measured again.
    recheckSeconds: 300,
  },
};

/**
 * A device's fault harms nobody in minutes: a quarter of an hour a level, without reminders, the operations again once a shift,
 * and an hour to see to the device and for its next measurement. No hospital's to change.
 */
export const technicalLadder: Ladder = {
  nurseSeconds: [900],
  doctorSeconds: [900],
  leadSeconds: [900],
  everyoneAgainSeconds: 8 * 3600,
  recheckSeconds: 3600,
};

/** Whoever begins a shift has other things to do first; half an hour later the operations know who has not answered. */
const checkInLadder: Ladder = {
  nurseSeconds: [900],
  doctorSeconds: [900],
  leadSeconds: [900],
  everyoneAgainSeconds: 900,
  recheckSeconds: 900,
};

/** By how bad an alert is, and by what it was opened with; the defaults, when that is nothing. */
export function ladderOf({
  worst,
  timings = defaultTimings,
}: {
  worst: AlarmLevel;
  timings?: Timings | undefined;
}): Ladder {
  if (worst === 'technical') return technicalLadder;
  if (worst === 'check-in') return checkInLadder;
  return isEmergency(worst) ? timings.emergency : timings.critical;
}

/** What a roster says of timings. A policy's name, not its version: limits change more often than who runs how fast. */
export type HospitalTimings = {
  readonly timings?: Readonly<Record<string, OwnTimings>> | undefined;
  readonly wards: readonly { readonly id: string; readonly timings?: OwnTimings | undefined }[];
};

/** The ward's, else the policy's, else the default, number by number; undefined where the hospital says nothing. */
export function timingsOf(
  { timings = {}, wards }: HospitalTimings,
  ward: string,
  policy: string,
): Timings | undefined {
  const own = [timings[policy], wards.find(({ id }) => id === ward)?.timings].filter(
    (said) => said !== undefined,
  );
  return own.length === 0 ? undefined : own.reduce(withOwn, defaultTimings);
}

function withOwn({ critical, emergency }: Timings, own: OwnTimings): Timings {
  return { critical: { ...critical, ...own.critical }, emergency: { ...emergency, ...own.emergency } };
}
