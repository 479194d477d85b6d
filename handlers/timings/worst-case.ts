/**
 * From a reading's arrival to a person or an alarm, when nobody answers and each part takes as long as it can without an alarm of
 * its own: what takes longer is an alarm by then (the consumer's age, a claim or an alert that the sweeper finds, a failing step).
 */
import { gapMs } from '../mail/pace.ts';
import type { Ladder, TimedSeverity, Timings } from './timings.ts';

/** decisions/0022. */
export const mostSeconds: Record<TimedSeverity, number> = { critical: 15 * 60, emergency: 5 * 60 };

/** A reading that waits longer in the stream, its mapping's retries included, raises the alarm `consumer-behind`. */
export const UNNOTICED_IN_STREAM_SECONDS = 60;
/** The SDK gives a call up that hangs, and makes another attempt (handlers/aws/clients.ts). */
export const HANGING_CALL_SECONDS = 3;
/** The escalation tries a function again that Lambda did not start (workflows/escalation.asl.json). */
export const FIRST_RETRY_SECONDS = 1;
/** A function answers within a second, its start included (infra/stack/alerting.ts); one call hangs, and one start fails. */
const FUNCTION_SECONDS = 1 + HANGING_CALL_SECONDS + FIRST_RETRY_SECONDS;
/** Mails at once to one address: an alert of every bed of three wards, in the same second. */
const MAILS_AT_ONCE = 100;

type Summand = { seconds: number; what: string };
export type WorstCase = { severity: TimedSeverity; seconds: number; most: number; summands: Summand[] };

export function worstCases(timings: Timings): WorstCase[] {
  return [worstCase('critical', timings), worstCase('emergency', timings)];
}

/** One text, e.g. `930 s, above 900 s: 60 s in the stream + ...`. */
export function sumInWords({ seconds, most, summands }: WorstCase): string {
  const sum = summands.map((one) => `${one.seconds} s ${one.what}`).join(' + ');
  return `${seconds} s${seconds > most ? `, above the ${most} s until a person or an alarm` : ''}: ${sum}`;
}

function worstCase(severity: TimedSeverity, timings: Timings): WorstCase {
  const levels = levelsClimbed(severity, timings[severity]);
  const attempts = levels.flatMap(({ seconds }) => seconds).length;
  const lane = severity === 'emergency' ? 'urgent' : 'routine';
  const summands = [
    { seconds: UNNOTICED_IN_STREAM_SECONDS, what: 'in the stream, retries of its mapping included' },
    { seconds: 2 * FUNCTION_SECONDS, what: 'to judge the reading and to open its alert' },
    ...levels.map(({ level, seconds }) => ({ seconds: sum(seconds), what: `waiting for the ${level}` })),
    { seconds: attempts * 2 * FUNCTION_SECONDS, what: `to move on ${attempts} times` },
    { seconds: 2 * FUNCTION_SECONDS, what: 'to call everyone, and the operations' },
    { seconds: (MAILS_AT_ONCE * gapMs[lane]) / 1000, what: "until the mail's turn behind 99 others" },
  ];
  return {
    severity,
    seconds: sum(summands.map(({ seconds }) => seconds)),
    most: mostSeconds[severity],
    summands,
  };
}

/** A critical alert climbs every level. An emergency goes from the one where it comes to everyone: the slowest one counts. */
function levelsClimbed(severity: TimedSeverity, ladder: Ladder): { level: string; seconds: number[] }[] {
  const levels = [
    { level: 'nurse', seconds: ladder.nurseSeconds },
    { level: 'doctor', seconds: ladder.doctorSeconds },
    { level: 'lead', seconds: ladder.leadSeconds },
  ];
  if (severity === 'critical') return levels;
  const costs = ({ seconds }: { seconds: number[] }) => sum(seconds) + seconds.length * 2 * FUNCTION_SECONDS;
  return levels.toSorted((one, other) => costs(other) - costs(one)).slice(0, 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
