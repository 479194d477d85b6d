/**
 * `npm run alert -- REF --stage STAGE|--table TABLE [--roster FILE | --bucket ROSTER_BUCKET]`: what happened to an alert, as a person reads it,
 * an event a line. REF is what people say on the telephone (`ABC123`, `VG ABC123`) or the alert's id. People are told by their
 * roles, by their names where a roster is given. Of each patient the table keeps the newest alert, of it the last 20 events.
 */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { Alert } from '../../handlers/alert/alert.ts';
import type { AnyRoster } from '../../handlers/on-call/roster.ts';
import { checkedSource } from '../hospital/hospital-file.ts';
import { InputError } from '../input-error.ts';
import { archiveQuery } from './alert/archive-query.ts';
import { timelineText } from './alert/timeline-text.ts';
import { deployedZone } from './roster/deployed-zone.ts';
import { runCommand } from './run-command.ts';
import { tableOfStage } from './stage-names.ts';

const usage =
  'Usage: npm run alert -- REF --stage STAGE|--table TABLE [--roster FILE | --bucket ROSTER_BUCKET]';

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      table: { type: 'string' },
      roster: { type: 'string' },
      bucket: { type: 'string' },
    },
  });
  const said = positionals.join(' ').trim();
  const { stage, roster, bucket } = values;
  const isTwice = [
    [stage, values.table],
    [roster, bucket],
  ].some(([one, other]) => one !== undefined && other !== undefined);
  const table = stage === undefined ? values.table : tableOfStage(stage);
  if (said === '' || !table || isTwice) throw new InputError(usage);
  return { said, table, roster, bucket };
}

/** What the command prints; throws InputError where the table has no such alert. */
export async function alertCommand(
  argv: string[],
  lambda: Pick<LambdaClient, 'send'> = new LambdaClient(),
): Promise<string> {
  const { said, table, roster: fileName, bucket } = argumentsOf(argv);
  const reference = referenceIn(said);
  const roster =
    fileName === undefined && bucket === undefined ? undefined : await rosterOf(fileName ?? '', bucket);
  const found = await alertsNamed(reference ?? said, table);
  if (found.length === 0)
    throw new InputError(`${reference ? `VG ${reference}` : said}: no alert of this name in ${table}. Of each patient it keeps the newest; of an earlier
one tell the archive, in Athena's console, and set the days:

${archiveQuery(table, reference ? { reference } : { alertId: said }, new Date().toISOString())}`);
  const zone = roster?.zone ?? (await deployedZone(table, lambda).catch(() => 'UTC'));
  return found.map((alert) => timelineText(alert, { zone, roster, table })).join('\n\n');
}

/** As people say it: with VG or without, and with the letters that a reference never has, since they look like digits. */
function referenceIn(said: string): string | undefined {
  const [, sign] = /^(?:VG[ -]?)?([0-9A-Z]{6})$/i.exec(said) ?? [];
  return sign?.toUpperCase().replace(/[IL]/g, '1').replaceAll('O', '0');
}

async function rosterOf(fileName: string, bucket: string | undefined): Promise<AnyRoster> {
  const { roster, findings } = await checkedSource({ fileName, bucket }, undefined, usage);
  if (!roster) throw new InputError(`${bucket ?? fileName}: no roster (${findings[0]?.message})`);
  return roster;
}

/** Reads the whole table once, since nothing finds an alert by its reference: a command, not a road that pages take. */
async function alertsNamed(name: string, TableName: string): Promise<Alert[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const found: Alert[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName,
        ConsistentRead: true,
        FilterExpression: 'kind = :alert AND #reference = :name OR kind = :alert AND alertId = :name',
        ExpressionAttributeNames: { '#reference': 'reference' },
        ExpressionAttributeValues: { ':alert': 'alert', ':name': name },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    found.push(...(page.Items ?? []).map(alertOf));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

/** The item without what the table keeps beside the alert; the token never leaves AWS. */
function alertOf({ token: _token, dueOn: _dueOn, dueAt: _dueAt, ...item }: Record<string, unknown>): Alert {
  const { data, error } = Alert.safeParse(item);
  if (data) return data;
  const fields = error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new InputError(`The alert ${item.alertId} cannot be read by this version of Vigil: ${fields}`);
}

if (import.meta.main) {
  await runCommand(async () => {
    console.log(await alertCommand(process.argv.slice(2)));
    return 0;
  }, usage);
}
