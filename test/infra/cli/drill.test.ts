/** `npm run drill`: what it announces, what it sends, and what it refuses. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { judge, levelIfReal } from '../../../handlers/clinical/judge.ts';
import { adult, obstetric, seed } from '../../../handlers/clinical/policies.ts';
import { AnnouncedDrills, drillAt } from '../../../handlers/reading/announced-drills.ts';
import { type DrillClients, drillCommand } from '../../../infra/cli/drill.ts';
import { aRoster } from '../../handlers/on-call/builders.ts';
import { aReading } from '../../handlers/reading/builders.ts';
import { LocalAws } from '../../local-aws.ts';

const now = '2026-11-24T12:00:00.000Z';
let aws: LocalAws;
let at: string[];
let bucket: string;
beforeEach(() => {
  aws = new LocalAws();
  aws.roster = aRoster();
  bucket = process.env.ROSTER_BUCKET ?? '';
  at = ['--table', aws.tableName, '--stream', process.env.STREAM_NAME ?? '', '--bucket', bucket];
});
afterEach(() => vi.unstubAllEnvs());

/** Its functions say which bucket is the stage's. */
const deployed = { send: async () => ({ Environment: { Variables: { ROSTER_BUCKET: bucket } } }) } as never;
const run = (...argv: string[]) => {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const clients = { table, stream: new KinesisClient(), s3: new S3Client(), lambda: deployed };
  return drillCommand(argv, clients, now);
};
const announced = () => AnnouncedDrills.parse(aws.items.get('ANNOUNCED#ward-001'));
const sent = () =>
  aws.done
    .filter(({ call }) => call.startsWith('PutRecord '))
    .map(({ input }) => JSON.parse(Buffer.from(input.Data).toString()));

test('announces the drill before it sends a test, and says where to look', async () => {
  const text = await run('ward-001', ...at);
  expect(aws.calls.map((call) => call.split(' ')[0])).toEqual(['GetObject', 'Get', 'Put', 'PutRecord']);
  expect(drillAt(announced(), now)).toBeDefined();
  expect(sent()).toMatchObject([
    { deviceId: 'vigil-drill', ward: 'ward-001', measuredAt: now, quality: 'test' },
  ]);
  expect(text).toMatch(/until 2026-11-24T12:15:00\.000Z/);
  expect(text).toContain('drill-ward-001-');
});

test('each is of nobody else, and the one before stays announced', async () => {
  await run('ward-001', ...at);
  await run('ward-001', ...at);
  expect(new Set(sent().map(({ patientId }) => patientId)).size).toBe(2);
  expect(announced().drills).toHaveLength(2);
});

test.each(['WARD-001', 'ward-01'])(
  '%s is no ward of the published roster: nothing is announced',
  async (ward) => {
    await expect(run(ward, ...at)).rejects.toThrow(
      `${ward}: no ward of the published roster, which has ward-001`,
    );
    expect(aws.calls.map((call) => call.split(' ')[0])).toEqual(['GetObject']);
  },
);

test('nothing is announced where no roster is published', async () => {
  await expect(run('ward-001', ...at.slice(0, -1), 'vigil-roster-of-nobody')).rejects.toThrow();
  expect(sent()).toEqual([]);
});

test('of a stage it knows the names of table, stream and bucket', async () => {
  const asked: string[] = [];
  const send = async ({ input }: { input: Record<string, string> }) => {
    asked.push(String(input.TableName ?? input.StreamName));
    return {};
  };
  const others = { table: { send }, stream: { send } } as unknown as DrillClients;
  const clients = { ...others, s3: new S3Client(), lambda: deployed };
  await drillCommand(['ward-001', '--stage', 'demo'], clients, now);
  expect(asked).toEqual(['vigil-demo', 'vigil-demo', 'Bloodpressure_iot_stream']);
  expect(aws.calls).toEqual([expect.stringMatching(/^GetObject /)]);
  await expect(run('ward-001', '--stage', 'staging')).rejects.toThrow('No stage is called staging');
});

test('two at the same moment: one is told so, and sends nothing', async () => {
  await run('ward-001', ...at);
  aws.before = (call) => {
    if (call.startsWith('Put ')) {
      const { pk, ...item } = announced();
      aws.items.set(pk, { pk, ...item, expiresAt: item.expiresAt + 1 });
    }
    return undefined;
  };
  await expect(run('ward-001', ...at)).rejects.toThrow('somebody else has announced a drill just now');
  expect(sent()).toHaveLength(1);
});

test.each(['critical', 'emergency'] as const)(
  '%s is that by every default policy that knows it',
  async (level) => {
    await run('ward-001', ...at, '--level', level);
    const [{ systolic: systolicMmHg, diastolic: diastolicMmHg }] = sent();
    const reading = aReading({ systolicMmHg, diastolicMmHg, quality: 'test' });
    expect([adult, obstetric, seed].map((policy) => levelIfReal(judge(reading, policy)))).toEqual([
      level,
      level,
      'critical',
    ]);
  },
);

test.each([
  ['no ward', []],
  ['no names', ['ward-001']],
  ['no bucket', ['ward-001', '--table', 't', '--stream', 's']],
  ['a stage and a name beside it', ['ward-001', '--stage', 'demo', '--table', 't']],
  ['two wards', ['ward-001', 'ward-002', '--stage', 'demo']],
  ['a level that is none', ['ward-001', '--stage', 'demo', '--level', 'suspect']],
])('%s: the usage, and nothing is announced', async (_what, argv) => {
  await expect(run(...argv)).rejects.toThrow(/^Usage: npm run drill/);
  expect(aws.calls).toEqual([]);
});
