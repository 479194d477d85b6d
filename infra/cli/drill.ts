/**
 * `npm run drill -- WARD --table T --stream S [--level critical|emergency]`, with the names that deploy printed: announces a
 * drill of a ward for a quarter of an hour, and sends one reading of quality `test`, which then takes the whole road.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { AnnouncedDrills, announcementKey, withDrill } from '../../handlers/reading/announced-drills.ts';
import { InputError } from '../input-error.ts';
import { runCommand } from './run-command.ts';

const usage = 'Usage: npm run drill -- WARD --table TABLE --stream STREAM [--level critical|emergency]';

/** Critical by every policy of Vigil's own; no more than that by those without an emergency. */
const pressures = {
  critical: { systolic: 205, diastolic: 125 },
  emergency: { systolic: 232, diastolic: 133 },
};
const isLevel = (text: string): text is keyof typeof pressures => Object.hasOwn(pressures, text);

/** Of no ward's registry. */
const DEVICE = 'vigil-drill';

export type DrillClients = {
  table: Pick<DynamoDBDocumentClient, 'send'>;
  stream: Pick<KinesisClient, 'send'>;
};

/** What the command prints; throws InputError. `now` is ISO 8601 UTC. */
export async function drillCommand(
  argv: string[],
  { table, stream }: DrillClients,
  now: string,
): Promise<string> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      table: { type: 'string' },
      stream: { type: 'string' },
      level: { type: 'string', default: 'critical' },
    },
  });
  const [ward, ...more] = positionals;
  const { table: tableName, stream: streamName, level } = values;
  if (!ward || more.length > 0 || !tableName || !streamName || !isLevel(level)) throw new InputError(usage);
  const until = await announce(tableName, ward, table, now);
  const patientId = `drill-${randomBytes(4).toString('hex')}`;
  const reading = { deviceId: DEVICE, patientId, ward, measuredAt: now, quality: 'test' };
  const Data = Buffer.from(JSON.stringify({ ...reading, ...pressures[level] }));
  await stream.send(new PutRecordCommand({ StreamName: streamName, PartitionKey: DEVICE, Data }));
  return `Ward ${ward} has a drill until ${until}: a ${level} reading of nobody is on the stream.
Within a minute:
  - whoever is on call for ${ward} has a mail "DRILL - no patient: ...", and answers it as any other
  - in Step Functions an execution drill-${ward}-... of the escalation shows how far it is
It ends when somebody accepts, or when everyone has been asked; the morning's report says how soon, under Drills and check-ins.
If no mail comes: is ${ward} a ward of the roster, and is anybody of it on call (npm run hospital)?
Until then a test or demonstration of the ward's own devices is a drill as well, and no fault of theirs.`;
}

/** Until when; those that were announced before stay. */
async function announce(
  TableName: string,
  ward: string,
  client: DrillClients['table'],
  now: string,
): Promise<string> {
  const { Item } = await client.send(
    new GetCommand({ TableName, Key: { pk: announcementKey(ward) }, ConsistentRead: true }),
  );
  const next = withDrill(AnnouncedDrills.safeParse(Item).data, ward, now);
  try {
    await client.send(
      new PutCommand({
        TableName,
        Item: next,
        ...(Item === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'expiresAt = :read',
              ExpressionAttributeValues: { ':read': Item.expiresAt },
            }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new InputError(`${ward}: somebody else has announced a drill just now`);
  }
  return next.drills.at(-1)?.until as string;
}

if (import.meta.main) {
  await runCommand(async () => {
    const table = DynamoDBDocumentClient.from(new DynamoDBClient());
    const clients = { table, stream: new KinesisClient() };
    console.log(await drillCommand(process.argv.slice(2), clients, new Date().toISOString()));
    return 0;
  }, usage);
}
