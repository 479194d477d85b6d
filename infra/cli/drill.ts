/**
 * `npm run drill -- WARD --stage STAGE [--level critical|emergency]`: announces a drill of a ward for a quarter of an hour, and
 * sends one reading of quality `test`, which then takes the whole road.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { AnnouncedDrills, announcementKey, withDrill } from '../../handlers/reading/announced-drills.ts';
import { publishedRoster } from '../hospital/published-roster.ts';
import { InputError } from '../input-error.ts';
import { runCommand } from './run-command.ts';
import { resourcesOfStage } from './stage-names.ts';

const usage = `Usage: npm run drill -- WARD --stage STAGE [--level critical|emergency]
  or, with the names that deploy printed: WARD --table TABLE --stream STREAM --bucket ROSTER_BUCKET`;

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
  s3: Pick<S3Client, 'send'>;
  lambda: Pick<LambdaClient, 'send'>;
};

/** What the command prints; throws InputError. `now` is ISO 8601 UTC. */
export async function drillCommand(argv: string[], clients: DrillClients, now: string): Promise<string> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      table: { type: 'string' },
      stream: { type: 'string' },
      bucket: { type: 'string' },
      level: { type: 'string', default: 'critical' },
    },
  });
  const [ward, ...more] = positionals;
  const { level, stage, ...names } = values;
  if (!ward || more.length > 0 || !isLevel(level)) throw new InputError(usage);
  const target = await targetOf(stage, names, clients.lambda);
  const { wards } = await publishedRoster({ bucket: target.bucket, s3: clients.s3 });
  if (!wards.some(({ id }) => id === ward))
    throw new InputError(
      `${ward}: no ward of the published roster, which has ${wards.map(({ id }) => id).join(', ')}`,
    );
  const until = await announce(target.table, ward, clients.table, now);
  const patientId = `drill-${randomBytes(4).toString('hex')}`;
  const reading = { deviceId: DEVICE, patientId, ward, measuredAt: now, quality: 'test' };
  const Data = Buffer.from(JSON.stringify({ ...reading, ...pressures[level] }));
  await clients.stream.send(new PutRecordCommand({ StreamName: target.stream, PartitionKey: DEVICE, Data }));
  return `Ward ${ward} has a drill until ${until}: a ${level} reading of nobody is on the stream.
Within a minute:
  - whoever is on call for ${ward} has a mail "DRILL - no patient: ...", and answers it as any other
  - in Step Functions an execution drill-${ward}-... of the escalation shows how far it is
It ends when somebody accepts, or when everyone has been asked; the morning's report says how soon, under Drills and check-ins.
If no mail comes: is anybody on call for ${ward} (npm run hospital)?
Until then a test or demonstration of the ward's own devices is a drill as well, and no fault of theirs.`;
}

/** Of the stage, or as they are all said. */
async function targetOf(
  stage: string | undefined,
  { table, stream, bucket }: { table?: string; stream?: string; bucket?: string },
  lambda: DrillClients['lambda'],
) {
  if (stage !== undefined && !table && !stream && !bucket) return resourcesOfStage(stage, lambda);
  if (stage !== undefined || !table || !stream || !bucket) throw new InputError(usage);
  return { table, stream, bucket };
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
    const clients = {
      table,
      stream: new KinesisClient(),
      s3: new S3Client(),
      lambda: new LambdaClient(),
    };
    console.log(await drillCommand(process.argv.slice(2), clients, new Date().toISOString()));
    return 0;
  }, usage);
}
