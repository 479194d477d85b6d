/**
 * `npm run hospital -- [FILE] [--at TIME] [--json]`: who is on call where, by which numbers readings are judged and who says
 * so, and every problem of the hospital's file. `--published --bucket B`: the same of what is published, and with
 * `--table T` who of those on call would not hear of an alert. What is refused makes exit code 1; warnings do not.
 */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { hospitalOverview } from '../../handlers/on-call/overview.ts';
import { PREFLIGHT_KEY, Preflight } from '../../handlers/on-call/preflight.ts';
import { checkedSource } from '../hospital/hospital-file.ts';
import { InputError } from '../input-error.ts';
import { hospitalText } from './hospital/hospital-text.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage: npm run hospital -- [FILE] [--at TIME] [--json]
       npm run hospital -- --published --bucket BUCKET [--table TABLE] [--at TIME] [--json]`;
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
      table: { type: 'string' },
    },
  });
  const [fileName, ...more] = positionals;
  const isPublished = values.published && values.bucket !== undefined && fileName === undefined;
  const isOfPublished = values.published || values.bucket !== undefined || values.table !== undefined;
  if (more.length > 0 || (!isPublished && isOfPublished)) throw new InputError(usage);
  return { ...values, fileName: fileName ?? sample };
}

/** What the command prints, and whether anything is refused; throws InputError. */
export async function hospitalCommand(argv: string[]): Promise<{ text: string; isRefused: boolean }> {
  const { fileName, at: said, json, bucket, table } = argumentsOf(argv);
  const { at, roster, findings } = await checkedSource({ fileName, bucket }, said, usage);
  const preflight = table === undefined ? undefined : await lastPreflight(table);
  const shown = {
    ...(roster && hospitalOverview(roster, at)),
    ...(preflight && { preflight }),
    problems: findings,
  };
  return {
    text: json ? JSON.stringify(shown, null, 2) : hospitalText(shown),
    isRefused: findings.some(({ level }) => level === 'refusal'),
  };
}

/** What the last hour's run found; throws InputError where the table has none. */
async function lastPreflight(TableName: string): Promise<Preflight> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const { Item } = await client.send(
    new GetCommand({ TableName, Key: { pk: PREFLIGHT_KEY }, ConsistentRead: true }),
  );
  const { data } = Preflight.safeParse(Item);
  if (!data) throw new InputError(`${TableName}: no preflight yet; the stage makes one each hour`);
  return data;
}

if (import.meta.main) {
  await runCommand(async () => {
    const { text, isRefused } = await hospitalCommand(process.argv.slice(2));
    console.log(text);
    return isRefused ? 1 : 0;
  }, usage);
}
