/** The nightly report's first step: which night. Given `from` and `to`, that window; else the last night. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import { environment } from './aws/environment.ts';
import { lastNight, literals, reportWindow } from './reporting/window.ts';

const settings = environment({ HOSPITAL_ZONE: z.string().min(1) });

const Asked = z
  .object({ from: z.iso.datetime(), to: z.iso.datetime() })
  .partial()
  .refine(({ from, to }) => (from === undefined) === (to === undefined), 'from and to belong together');

export async function handler(event: unknown) {
  const now = DateTime.utc().toISO();
  const { HOSPITAL_ZONE } = settings();
  const { from, to } = Asked.parse(event);
  const window = reportWindow(from && to ? { from, to } : lastNight(now, HOSPITAL_ZONE), HOSPITAL_ZONE);
  return { window, literals: literals(window) };
}
