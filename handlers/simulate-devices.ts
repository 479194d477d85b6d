/** The device simulator: each minute, the readings of the patients whose cuffs measure in it. A stage setting turns it off. */
import { z } from 'zod';
import { loadRoster } from './aws/s3/roster-store.ts';
import { streamReadings } from './aws/stream-readings.ts';
import { SIMULATION_SEED, simulatedMessages } from './reading/simulated-ward.ts';
import { environment } from './runtime/environment.ts';

const settings = environment({
  STREAM_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
});

/** Devices measure at the full minute: an invocation that is repeated within it sends the same readings. */
export async function handler(): Promise<{ sent: number }> {
  const nowMs = Date.now();
  const { STREAM_NAME, ROSTER_BUCKET } = settings();
  const { devices, zone } = await loadRoster(ROSTER_BUCKET, nowMs);
  const minute = new Date(Math.floor(nowMs / 60_000) * 60_000);
  const messages = simulatedMessages(devices, minute, { seed: SIMULATION_SEED, zone });
  await streamReadings(STREAM_NAME, messages);
  return { sent: messages.length };
}
