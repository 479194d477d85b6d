/**
 * `npm run hospital -- [FILE] [--at TIME] [--json]`: who is on call where, by which numbers readings are judged and who says
 * so, and every problem of the hospital's file. `--published --bucket B`: the same of what is published. What is refused
 * makes exit code 1; warnings do not.
 */
import { parseArgs } from 'node:util';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DateTime } from 'luxon';
import { hospitalOverview } from '../../handlers/on-call/overview.ts';
import { type Checked, checkRoster } from '../../handlers/on-call/parse-roster.ts';
import { type AnyRoster, ROSTER_KEY } from '../../handlers/on-call/roster.ts';
import { checkedFile } from '../hospital/hospital-file.ts';
import { InputError } from '../input-error.ts';
import { hospitalText } from './hospital/hospital-text.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm run hospital -- [FILE] [--at TIME] [--json]
       npm run hospital -- --published --bucket BUCKET [--at TIME] [--json]`;
const sample = 'infra/hospital/hospital.json';

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      at: { type: 'string' },
      json: { type: 'boolean', default: false },
      published: { type: 'boolean', default: false },
      bucket: { type: 'string' },
    },
  });
  const [fileName, ...more] = positionals;
  const isPublished = values.published && values.bucket !== undefined && fileName === undefined;
  if (more.length > 0 || (!isPublished && (values.published || values.bucket !== undefined)))
    throw new InputError(usage);
  return { ...values, fileName: fileName ?? sample };
}

/** An instant, in the hospital's zone unless it says otherwise. */
function instantOf(said: string | undefined, zone: string): string {
  if (said === undefined) return new Date().toISOString();
  const instant = DateTime.fromISO(said, { zone });
  if (!instant.isValid) throw new InputError(`--at: not a time such as 2026-03-29T02:30\n${usage}`);
  return instant.toUTC().toISO();
}

async function publishedText(bucket: string): Promise<string> {
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket: bucket, Key: ROSTER_KEY }));
  return (await Body?.transformToString()) ?? '';
}

/** What the command prints, and whether anything is refused; throws InputError. */
export async function hospitalCommand(argv: string[]): Promise<{ text: string; isRefused: boolean }> {
  const { fileName, at: said, json, bucket } = argumentsOf(argv);
  const published = bucket === undefined ? undefined : await publishedText(bucket);
  const checked = (at: string): Checked<AnyRoster> =>
    published === undefined ? checkedFile(fileName, at) : checkRoster(published, ROSTER_KEY, at);
  // Only the roster says in which zone a time without an offset is.
  const zone = checked(new Date(0).toISOString()).roster?.zone ?? 'utc';
  const at = instantOf(said, zone);
  const { roster, findings } = checked(at);
  const shown = { ...(roster && hospitalOverview(roster, at)), problems: findings };
  return {
    text: json ? JSON.stringify(shown, null, 2) : hospitalText(shown),
    isRefused: findings.some(({ level }) => level === 'refusal'),
  };
}

if (import.meta.main) {
  await runCommand(async () => {
    const { text, isRefused } = await hospitalCommand(process.argv.slice(2));
    console.log(text);
    return isRefused ? 1 : 0;
  }, usage);
}
