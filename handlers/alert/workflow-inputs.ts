/** What the escalation's states hand to their functions: the one schema of each, which a test holds against the definition. */
import { z } from 'zod';
import { alarmLevels } from '../clinical/severity.ts';
import { escalationLevels } from './escalation-levels.ts';
import { MoveReason } from './event.ts';

const name = z.string().min(1);

/** The alert, and the execution that acts for it. */
const carried = { alertKey: name, alertId: name, executionName: name };

/** Where the assessment saw the alert. */
const seen = { round: z.int(), escalationLevel: z.enum(escalationLevels), attempt: z.int() };

/** What the execution was started with, and its name: the sweeper's, which resumes an alert, or a claimed reading's. */
export const OpenInput = z.union([
  z.object({ resume: z.literal(true), ...carried }),
  z.object({ readingId: name, alertKey: name, executionName: name }),
]);

export const AssessInput = z.object(carried);

export const PageInput = z.object({
  ...carried,
  ...seen,
  level: z.enum(alarmLevels),
  deadline: z.iso.datetime(),
  taskToken: name,
});

export const MoveInput = z.discriminatedUnion('action', [
  z.object({ action: z.literal('moveOn'), because: MoveReason, ...carried, ...seen }),
  z.object({ action: z.literal('wait'), taskToken: name, ...carried, ...seen }),
  z.object({
    action: z.literal('beginRound'),
    asking: z.enum(['worse', 'moved', 'withdrawn', 'recheck', 'repeat']),
    ...carried,
    ...seen,
  }),
  z.object({ action: z.literal('close'), ...carried, ...seen }),
]);
export type MoveInput = z.infer<typeof MoveInput>;
