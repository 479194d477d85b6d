/**
 * `npm run quarantine -- list | show KEY [--bytes] | redrive KEY|--all`, each with `--bucket B` and the last with `--stream S`,
 * as deploy printed them: what could not be judged, and how it is put into the stream again once it can be. A KEY's end is
 * enough where it is the only one. Re-driving sends an object once, and says beside it who did, when and why.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { InputError } from '../input-error.ts';
import { sizeOf } from './quarantine/kept-object.ts';
import {
  type Kept,
  keptKeys,
  keptObjects,
  type Quarantine,
  redrive,
} from './quarantine/quarantine-bucket.ts';
import { maskedBytes, plainBytes } from './quarantine/shown-bytes.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm run quarantine -- list --bucket BUCKET [--json]
       npm run quarantine -- show KEY --bucket BUCKET [--bytes]
       npm run quarantine -- redrive KEY|--all --bucket BUCKET --stream STREAM [--reason TEXT]`;

type Outcome = { text: string; hasFailed: boolean };

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      bucket: { type: 'string' },
      stream: { type: 'string' },
      reason: { type: 'string' },
      all: { type: 'boolean', default: false },
      bytes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [command, key, ...more] = positionals;
  if (!values.bucket || more.length > 0) throw new InputError(usage);
  return { ...values, bucket: values.bucket, command, key };
}

/** What the command prints, and whether anything could not be done; throws InputError. */
export async function quarantineCommand(argv: string[]): Promise<Outcome> {
  const { command, key, bucket, stream, reason = null, all, bytes, json } = argumentsOf(argv);
  const quarantine = { bucket, s3: new S3Client() };
  if (command === 'list' && key === undefined && !all) {
    const objects = await keptObjects(await keptKeys(quarantine), quarantine);
    return { text: json ? JSON.stringify(objects.map(factsOf), null, 2) : listed(objects), hasFailed: false };
  }
  if (command === 'show' && key !== undefined && !all)
    return { text: shown(await oneOf(key, quarantine), bytes ? plainBytes : maskedBytes), hasFailed: false };
  if (command === 'redrive' && stream && (key === undefined) === all) {
    const objects = all
      ? await keptObjects(await keptKeys(quarantine), quarantine)
      : [await oneOf(key as string, quarantine)];
    const said = { at: new Date().toISOString(), by: userInfo().username, reason };
    return redriven(objects, said, { ...quarantine, stream, kinesis: new KinesisClient() });
  }
  throw new InputError(usage);
}

/** The object of that key, or the only one whose key ends so. */
async function oneOf(key: string, quarantine: Quarantine): Promise<Kept> {
  const keys = await keptKeys(quarantine);
  const found = keys.includes(key) ? [key] : keys.filter((candidate) => candidate.endsWith(key));
  if (found.length !== 1)
    throw new InputError(`${key}: ${found.length === 0 ? 'no' : found.length} objects have such a key`);
  const [object] = await keptObjects(found, quarantine);
  return object as Kept;
}

/** Everything but the bytes. */
function factsOf(object: Kept) {
  const { records, ...facts } = object;
  return { ...facts, records: records.length, bytes: sizeOf(object) };
}

const stateOf = ({ redriven, records }: Kept) =>
  redriven ? 're-driven' : records.length === 0 ? 'no readings' : 'waiting';

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
const sizeText = (object: Kept) =>
  `${counted(object.records.length, 'record')}, ${counted(sizeOf(object), 'byte')}`;

/** Two lines each: a key alone is longer than a terminal is wide. */
function listed(objects: readonly Kept[]): string {
  if (objects.length === 0) return 'Nothing is in quarantine.';
  return objects
    .map((object) => {
      const size = sizeText(object);
      return `${object.at.slice(0, 19).padEnd(19)}  ${stateOf(object).padEnd(11)}  ${size.padEnd(24)}  ${object.reason}\n  ${object.key}`;
    })
    .join('\n');
}

function shown(object: Kept, bytesAsText: (bytes: Uint8Array) => string): string {
  const { key, reason, at, shardId, sequenceNumber, index, records, redriven } = object;
  const rows = {
    key,
    reason,
    at,
    shard: shardId,
    sequence: sequenceNumber,
    index: index ?? 'a batch that begins there',
    size: sizeText(object),
    're-driven': redriven
      ? `${redriven.at} by ${redriven.by}${redriven.reason ? `: ${redriven.reason}` : ''}`
      : 'no',
  };
  return [
    ...Object.entries(rows).map(([name, text]) => `${name.padEnd(9)}  ${text}`),
    ...records.map(({ bytes }) => `\n${bytesAsText(bytes)}`),
  ].join('\n');
}

/** One that cannot be sent does not keep the others. The last line is for whoever keeps a log of what was done. */
async function redriven(
  objects: readonly Kept[],
  said: Parameters<typeof redrive>[1],
  target: Parameters<typeof redrive>[2],
): Promise<Outcome> {
  const counts = { objects: 0, records: 0, before: 0 };
  const failures: string[] = [];
  for (const object of objects.filter(({ records }) => records.length > 0)) {
    try {
      const isSent = (await redrive(object, said, target)) === 'sent';
      counts.objects += isSent ? 1 : 0;
      counts.records += isSent ? object.records.length : 0;
      counts.before += isSent ? 0 : 1;
    } catch (error) {
      failures.push(`${object.key}: not re-driven (${error instanceof Error ? error.name : error})`);
    }
  }
  const { at, by, reason } = said;
  const summary = `${at} ${by} re-drove ${counted(counts.objects, 'object')}, ${counted(counts.records, 'record')}; ${counts.before} had been before`;
  return {
    text: [...failures, reason === null ? summary : `${summary} (${reason})`].join('\n'),
    hasFailed: failures.length > 0,
  };
}

if (import.meta.main) {
  await runCommand(async () => {
    const { text, hasFailed } = await quarantineCommand(process.argv.slice(2));
    console.log(text);
    return hasFailed ? 1 : 0;
  }, usage);
}
