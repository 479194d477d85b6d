/** A hospital as commands read it: its file on this machine, or what is published. */
import { readFileSync } from 'node:fs';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DateTime } from 'luxon';
import {
  type Checked,
  checkHospital,
  checkRoster,
  RosterError,
} from '../../handlers/on-call/parse-roster.ts';
import { type AnyRoster, type Hospital, ROSTER_KEY } from '../../handlers/on-call/roster.ts';
import { InputError } from '../input-error.ts';

/** The file and what is to be said of it, as of an instant; throws InputError for one that cannot be read, or is not JSON. */
export function checkedFile(fileName: string, at: string): Checked<Hospital> {
  try {
    return checkHospital(readFileSync(fileName, 'utf8'), fileName, at);
  } catch (error) {
    if (error instanceof RosterError) throw new InputError(error.message);
    throw new InputError(`${fileName}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

/** What is published in a bucket, or else the file, and what is to be said of it at a time that is said of it; now when none is. */
export async function checkedSource(
  { fileName, bucket }: { fileName: string; bucket: string | undefined },
  said: string | undefined,
  usage: string,
): Promise<{ at: string } & Checked<AnyRoster>> {
  const published = bucket === undefined ? undefined : await publishedText(bucket);
  const checked = (at: string): Checked<AnyRoster> =>
    published === undefined ? checkedFile(fileName, at) : checkRoster(published, ROSTER_KEY, at);
  // Only the roster says in which zone a time without an offset is.
  const at = instantOf(said, checked(new Date(0).toISOString()).roster?.zone ?? 'utc', usage);
  return { at, ...checked(at) };
}

/** An instant, in the hospital's zone unless it says otherwise; throws InputError. */
export function instantOf(said: string | undefined, zone: string, usage: string): string {
  if (said === undefined) return new Date().toISOString();
  const instant = DateTime.fromISO(said, { zone });
  if (!instant.isValid) throw new InputError(`${said}: not a time such as 2026-03-29T02:30\n${usage}`);
  return instant.toUTC().toISO();
}

async function publishedText(bucket: string): Promise<string> {
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket: bucket, Key: ROSTER_KEY }));
  return (await Body?.transformToString()) ?? '';
}
