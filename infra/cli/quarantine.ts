/**
 * `npm run quarantine -- list | show KEY [--bytes] | redrive KEY|--all`, each with `--bucket B` and the last with `--stream S`,
 * as deploy printed them: what could not be judged, and how it is put into the stream again once it can be. A KEY's end is
 * enough where it is the only one. `list` and `--all` are of what waits, as far as it is wanted. Re-driving sends an object
 * once, and says beside it who did, when and why.
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
import { isWanted, mayBeWanted, type Wanted, wantedIn } from './quarantine/wanted.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm run quarantine -- list [WANTED] [--redriven] --bucket BUCKET [--json]
       npm run quarantine -- show KEY --bucket BUCKET [--bytes]
       npm run quarantine -- redrive KEY|--all [WANTED] --bucket BUCKET --stream STREAM [--reason TEXT]
WANTED: --since TIME, --reason-has TEXT, --device PARTITION_KEY`;

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
      redriven: { type: 'boolean', default: false },
      since: { type: 'string' },
      'reason-has': { type: 'string' },
      device: { type: 'string' },
    },
  });
  const [command, key, ...more] = positionals;
  const { since, device, redriven, reason, 'reason-has': reasonHas } = values;
  const isNarrowed = [since, device, reasonHas].some((option) => option !== undefined);
  // What a command would ignore is a mistake to hear of.
  const isIgnored = (key && isNarrowed) || (command === 'list' ? reason !== undefined : redriven);
  if (!values.bucket || more.length > 0 || isIgnored) throw new InputError(usage);
  return { ...values, bucket: values.bucket, command, key, wanted: wantedIn(values) };
}

/** What the command prints, and whether anything could not be done; throws InputError. */
export async function quarantineCommand(argv: string[]): Promise<Outcome> {
  const { command, key, bucket, stream, all, wanted, ...options } = argumentsOf(argv);
  const quarantine = { bucket, s3: new S3Client() };
  if (command === 'list' && key === undefined && !all) {
    const { objects } = await wantedObjects(wanted, options.redriven, quarantine);
    const text = options.json ? JSON.stringify(objects.map(factsOf), null, 2) : listed(objects);
    return { text, hasFailed: false };
  }
  if (command === 'show' && key !== undefined && !all) {
    const bytesAsText = options.bytes ? plainBytes : maskedBytes;
    return { text: shown(await oneOf(key, quarantine), bytesAsText), hasFailed: false };
  }
  if (command === 'redrive' && stream && (key === undefined) === all) {
    const { objects, others } = all
      ? await wantedObjects(wanted, false, quarantine)
      : { objects: [await oneOf(key as string, quarantine)], others: 0 };
    const said = { at: new Date().toISOString(), by: userInfo().username, reason: options.reason ?? null };
    const target = { ...quarantine, stream, kinesis: new KinesisClient() };
    return redriven({ objects, before: others }, said, target);
  }
  throw new InputError(usage);
}

/** Those that wait, or those that were re-driven; `others`: how many keys, of the same days, are of the other kind. */
async function wantedObjects(
  wanted: Wanted,
  areRedriven: boolean,
  quarantine: Quarantine,
): Promise<{ objects: Kept[]; others: number }> {
  const keys = (await keptKeys(quarantine)).filter(({ key }) => mayBeWanted(key, wanted));
  const asked = keys.filter(({ isRedriven }) => isRedriven === areRedriven);
  const objects = await keptObjects(asked, quarantine);
  return {
    objects: objects.filter((object) => isWanted(object, wanted)),
    others: keys.length - asked.length,
  };
}

/** The object of that key, or the only one whose key ends so. */
async function oneOf(key: string, quarantine: Quarantine): Promise<Kept> {
  const keys = await keptKeys(quarantine);
  const exact = keys.filter((candidate) => candidate.key === key);
  const found = exact.length > 0 ? exact : keys.filter((candidate) => candidate.key.endsWith(key));
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

/** How many for each reason, then two lines each: a key alone is longer than a terminal is wide. */
function listed(objects: readonly Kept[]): string {
  if (objects.length === 0) return 'Nothing of what is asked for is in quarantine.';
  const reasons = [...Map.groupBy(objects, ({ reason }) => reason)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return [
    ...reasons.map(([reason, { length }]) => `${String(length).padStart(6)}  ${reason}`),
    '',
    ...objects.map((object) => {
      const size = sizeText(object);
      return `${object.at.slice(0, 19).padEnd(19)}  ${stateOf(object).padEnd(11)}  ${size.padEnd(24)}  ${object.reason}\n  ${object.key}`;
    }),
  ].join('\n');
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
  { objects, before }: { objects: readonly Kept[]; before: number },
  said: Parameters<typeof redrive>[1],
  target: Parameters<typeof redrive>[2],
): Promise<Outcome> {
  const counts = { objects: 0, records: 0, before };
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
