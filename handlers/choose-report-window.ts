/**
 * The nightly report's first step: which night, and what to ask of the archive about it. Given `from` and `to`, that
 * window; else the last night before the execution began, so that one that is redriven days later keeps its night.
 */
import { z } from 'zod';
import { wellFormed } from './reporting/malformed.ts';
import { queriesOf } from './reporting/queries.ts';
import { lastNight, reportWindow } from './reporting/window.ts';
import { environment } from './runtime/environment.ts';

const settings = environment({ HOSPITAL_ZONE: z.string().min(1) });

const WindowInput = z.object({
  startedAt: z.iso.datetime(),
  executionName: z.string().min(1),
  window: z
    .object({ from: z.iso.datetime(), to: z.iso.datetime() })
    .partial()
    .refine(({ from, to }) => (from === undefined) === (to === undefined), 'from and to belong together'),
});

export async function handler(event: unknown) {
  const { HOSPITAL_ZONE } = settings();
  const { startedAt, executionName, window: asked } = wellFormed(WindowInput, event);
  const { from, to } = asked;
  const window = reportWindow(from && to ? { from, to } : lastNight(startedAt, HOSPITAL_ZONE), HOSPITAL_ZONE);
  const openAlerts = { dt: startedAt.slice(0, 'yyyy-MM-dd'.length), runId: executionName };
  return { window, openAlerts, queries: queriesOf(window, openAlerts) };
}
