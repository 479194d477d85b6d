/** Firehose's processor: reads and judges by the consumer's own rules, and writes flat rows for the archive. */
import { z } from 'zod';
import { loadRoster } from './aws/s3/roster-store.ts';
import { loadIdentityKey } from './aws/secrets.ts';
import { archiveRecord, FirehoseBatch, type Transformed } from './reading/archive-batch.ts';
import { environment } from './runtime/environment.ts';

const settings = environment({
  ROSTER_BUCKET: z.string().min(1),
  IDENTITY_SECRET_ARN: z.string().min(1),
});

/** Throws when there is no roster to judge by, or no key for ids: Firehose asks again, and then keeps the bytes under its error prefix. */
export async function handler(event: unknown): Promise<{ records: Transformed[] }> {
  const nowMs = Date.now();
  const { ROSTER_BUCKET, IDENTITY_SECRET_ARN } = settings();
  const { records } = FirehoseBatch.parse(event);
  const [roster, identityKey] = await Promise.all([
    loadRoster(ROSTER_BUCKET, nowMs),
    loadIdentityKey(IDENTITY_SECRET_ARN),
  ]);
  const known = { ...roster, identityKey };
  return { records: records.map((record) => archiveRecord(record, known)) };
}
