/** The device simulator: each minute, one reading of every patient on the roster's devices. A stage setting turns it off. */
import { z } from 'zod';
import { loadRoster } from './aws/s3/roster-store.ts';
import { streamReadings } from './aws/stream-readings.ts';
import { simulatedReadings } from './reading/simulated-ward.ts';
import { environment } from './runtime/environment.ts';
import { logger, metrics } from './runtime/logger.ts';

const settings = environment({
  STREAM_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

/** Devices measure at the full minute: an invocation that is repeated within it sends the same readings. */
export async function handler(): Promise<{ sent: number }> {
  const nowMs = Date.now();
  const { STREAM_NAME, ROSTER_BUCKET } = settings();
  const roster = await loadRoster(ROSTER_BUCKET, nowMs);
  const readings = simulatedReadings(roster.devices, new Date(Math.floor(nowMs / 60_000) * 60_000));
  const notTaken = await streamReadings(STREAM_NAME, readings);
  if (notTaken > 0) {
    logger.error('readings-not-sent', { count: notTaken });
    metrics.addMetric('SimulatedReadingsNotSent', 'Count', notTaken);
    metrics.publishStoredMetrics();
  }
  return { sent: readings.length - notTaken };
}
