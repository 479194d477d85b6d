/** The quarantine's command on the local account: what was kept is listed, shown without values, and put into the stream again. */
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quarantineCommand } from '../../infra/cli/quarantine.ts';
import { asOperator, operator } from '../../infra/local/account/account.ts';
import { aWard, record, rolesPaged, type Ward } from './ward.ts';

type Command = { constructor: { name: string }; input: Record<string, unknown> };

let ward: Ward;
beforeEach(async () => {
  ward = await aWard();
  const clients = { s3: S3Client.prototype, kinesis: KinesisClient.prototype };
  for (const [service, client] of Object.entries(clients))
    vi.spyOn(client, 'send').mockImplementation(((command: Command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      return ward.vigil.call(operator, service, operation, command.input);
    }) as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  ward.vigil.stop();
});

const run = async (...argv: string[]) => {
  const { ArchiveBucket = '', StreamName = '' } = ward.vigil.outputs as Record<string, string>;
  const said = quarantineCommand([...argv, '--bucket', ArchiveBucket, '--stream', StreamName]);
  return (await ward.vigil.until(said)).text;
};
const listed = async (...options: string[]) => JSON.parse(await run('list', '--json', ...options));
const kept = (key: string, text: string) =>
  asOperator(ward.vigil, 's3', 'PutObject', {
    Bucket: ward.vigil.outputs.ArchiveBucket,
    Key: `quarantine/dt=2026-03-03/${key}.json`,
    Body: JSON.stringify({
      shard_id: 'shardId-000000000000',
      sequence_number: '7',
      item_index: 0,
      arrived_at: '2026-03-03 01:00:00.000',
      reason: 'no pressure was found',
      partition_key: ward.device.id,
      bytes_base64: Buffer.from(text).toString('base64'),
    }),
    ContentType: 'application/json',
  });

test('what a device sent and nobody could read is listed, shown masked, and sent again once, under its own key', async () => {
  const broken = '{"deviceId":"bp-1","patientName":"Amara Whitlock","systolic":';
  await asOperator(ward.vigil, 'kinesis', 'PutRecords', {
    StreamName: ward.vigil.outputs.StreamName,
    Records: [{ PartitionKey: ward.device.id, Data: Buffer.from(broken) }],
  });
  await ward.seconds(10);
  const [object, ...others] = await listed();
  expect(others).toEqual([]);
  expect(object).toMatchObject({ reason: 'record: not JSON', records: 1, redriven: null });
  expect(await run('show', object.key)).toContain(
    '{"deviceId":"aa-9","aaaaaaaaaaa":"aaaaa aaaaaaaa","systolic":',
  );

  expect(await run('redrive', object.key, '--reason', 'tried')).toMatch(
    /re-drove 1 object, 1 record; 0 had been/,
  );
  expect(await run('redrive', object.key)).toMatch(/re-drove 0 objects, 0 records; 1 had been before/);
  await ward.seconds(10);
  const after = [...(await listed('--redriven')), ...(await listed())];
  expect(after).toHaveLength(2);
  expect(after[0].redriven).toMatchObject({ reason: 'tried', records: 1 });
  const { Body } = await asOperator(ward.vigil, 's3', 'GetObject', {
    Bucket: ward.vigil.outputs.ArchiveBucket,
    Key: after[1].key,
  });
  expect(JSON.parse(await Body.transformToString())).toMatchObject({ partition_key: ward.device.id });
});

test('what can be read by now pages the nurse when it is sent again', async () => {
  await kept('older', record(ward, new Date(ward.vigil.clock.now()).toISOString(), 188, 112));
  await run('redrive', '--all');
  await ward.seconds(60);
  expect(rolesPaged(ward)).toEqual(['nurse']);
});
