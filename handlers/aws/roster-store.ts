/** The published roster, from S3. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseRoster, ROSTER_KEY, type Roster } from '../on-call/roster.ts';
import { s3 } from './clients.ts';

/** A changed roster counts within a minute; a busy function reads it once a minute. */
const CACHED_MS = 60_000;

let cached: { bucket: string; loadedAtMs: number; roster: Roster } | undefined;

/** Throws what S3 throws, or RosterError. */
export async function loadRoster(bucket: string, nowMs: number): Promise<Roster> {
  if (cached?.bucket === bucket && nowMs - cached.loadedAtMs < CACHED_MS) return cached.roster;
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: ROSTER_KEY }));
  if (!Body) throw new Error(`The object ${ROSTER_KEY} came without a body`);
  const roster = parseRoster(await Body.transformToString(), ROSTER_KEY);
  cached = { bucket, loadedAtMs: nowMs, roster };
  return roster;
}
