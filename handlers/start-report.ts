/**
 * Each morning it starts the nightly report, under the name of its night: who looks for one in the console finds it, and a
 * schedule that fires twice starts one report. On the day on which the zone was changed a second night may end: it has a
 * name of its own.
 */
import { z } from 'zod';
import { startReport } from './aws/workflow.ts';
import { lastNight, namesOfNight } from './reporting/window.ts';
import { environment } from './runtime/environment.ts';
import { logger } from './runtime/logger.ts';

const settings = environment({ HOSPITAL_ZONE: z.string().min(1), NIGHTLY_REPORT_ARN: z.string().min(1) });

export async function handler(): Promise<{ executionName: string }> {
  const { HOSPITAL_ZONE, NIGHTLY_REPORT_ARN } = settings();
  const night = lastNight(new Date().toISOString(), HOSPITAL_ZONE);
  const executionName = await startReport(NIGHTLY_REPORT_ARN, namesOfNight(night, HOSPITAL_ZONE), night);
  logger.info('report-started', { executionName });
  return { executionName };
}
