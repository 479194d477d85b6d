/** `npm run drill` on the local account. */
import type { GetCommandInput, PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type DrillClients, drillCommand } from '../../infra/cli/drill.ts';
import { asOperator } from '../../infra/local/account/account.ts';
import type { Ward } from './ward.ts';

/** What the command prints. */
export function holdDrill({ vigil }: Ward, ward = 'ward-001', ...options: string[]): Promise<string> {
  const { TableName, StreamName, RosterBucket } = vigil.outputs as Record<string, string>;
  const table = {
    async send({ input }: { input: GetCommandInput | PutCommandInput }) {
      if (!('Item' in input)) {
        const { Key, ...rest } = input;
        const found = await asOperator(vigil, 'dynamodb', 'GetItem', { ...rest, Key: marshall(Key) });
        return { Item: found.Item && unmarshall(found.Item) };
      }
      const { Item, ExpressionAttributeValues: values, ...rest } = input;
      return asOperator(vigil, 'dynamodb', 'PutItem', {
        ...rest,
        Item: marshall(Item),
        ...(values && { ExpressionAttributeValues: marshall(values) }),
      });
    },
  };
  const stream = {
    send: ({ input }: { input: object }) => asOperator(vigil, 'kinesis', 'PutRecord', input),
  };
  const s3 = { send: ({ input }: { input: object }) => asOperator(vigil, 's3', 'GetObject', input) };
  const names = ['--table', TableName, '--stream', StreamName, '--bucket', RosterBucket] as string[];
  return drillCommand(
    [ward, ...names, ...options],
    { table, stream, s3 } as unknown as DrillClients,
    new Date(vigil.clock.now()).toISOString(),
  );
}
