/** The published roster, from S3. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseRoster, RosterError } from '../../on-call/parse-roster.ts';
import { ROSTER_KEY, type Roster } from '../../on-call/roster.ts';
import { errorName, logger, metrics } from '../../runtime/logger.ts';
import { s3Client } from '../clients.ts';

/** A changed roster counts within a minute; a busy function asks once a minute, and reads it only when it has changed. */
const CACHED_MS = 60_000;
/** Where it could not be renewed: a page does not wait for S3 each time, and a roster that is mended counts almost at once. */
const AGAIN_AFTER_MS = 5000;

type Cached = { bucket: string; askedAtMs: number; etag: string | undefined; roster: Roster };

let cached: Cached | undefined;

/**
 * Throws what S3 throws, or RosterError, as long as no roster is known. Afterwards a roster that cannot be renewed still
 * says whom to page: people known a while ago are better than nobody.
 */
export async function loadRoster(bucket: string, nowMs: number): Promise<Roster> {
  const known = cached?.bucket === bucket ? cached : undefined;
  if (known && nowMs - known.askedAtMs < CACHED_MS) return known.roster;
  try {
    cached = await renewed(bucket, known, nowMs);
  } catch (error) {
    const fields = error instanceof RosterError ? { fields: error.fields } : {};
    logger.error('roster-not-renewed', { error: errorName(error), ...fields });
    // Sent by itself: a function without any roster fails, and sends no metrics any more.
    metrics.singleMetric().addMetric('RosterNotRenewed', 'Count', 1);
    if (!known) throw error;
    cached = { ...known, askedAtMs: nowMs - CACHED_MS + AGAIN_AFTER_MS };
    return known.roster;
  }
  return cached.roster;
}

async function renewed(bucket: string, known: Cached | undefined, askedAtMs: number): Promise<Cached> {
  try {
    const { Body, ETag } = await s3Client().send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: ROSTER_KEY,
        ...(known?.etag !== undefined && { IfNoneMatch: known.etag }),
      }),
    );
    if (!Body) throw new Error(`The object ${ROSTER_KEY} came without a body`);
    return {
      bucket,
      askedAtMs,
      etag: ETag,
      roster: parseRoster(await Body.transformToString(), ROSTER_KEY),
    };
  } catch (error) {
    if (known && isNotModified(error)) return { ...known, askedAtMs };
    throw error;
  }
}

/** 304: S3's answer to If-None-Match when the object is the one that is known. */
function isNotModified(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 304;
}
