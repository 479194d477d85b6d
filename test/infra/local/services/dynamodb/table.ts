/** A table with an index of what is due, in an account of its own for each test: registers its hook, and gives what tests ask of it. */
import { beforeEach } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { type DynamoDbService, dynamodb } from '../../../../../infra/local/services/dynamodb/service.ts';
import type { TableChange } from '../../../../../infra/local/services/dynamodb/table.ts';
import { tableProperties } from '../../../../table-items.ts';
import { type FakeAccount, fakeAccount, operator } from '../../fake-account.ts';

export const s = (S: string) => ({ S });
export const n = (N: number) => ({ N: String(N) });

export function aTable() {
  const table = {
    account: undefined as unknown as FakeAccount,
    service: undefined as unknown as DynamoDbService,
    stream: [] as TableChange[],
    call: (operation: string, input: Payload): Promise<Payload> =>
      table.account.done(
        table.account.call(operator, 'dynamodb', operation, {
          ...(operation !== 'TransactWriteItems' && { TableName: 't' }),
          ...input,
        }),
      ),
    put: (item: Payload, more: Payload = {}) => table.call('PutItem', { Item: item, ...more }),
    get: async (pk: string) =>
      (await table.call('GetItem', { Key: { pk: { S: pk } }, ConsistentRead: true })).Item,
    /** Of the item `a`. */
    update: (UpdateExpression: string, values: Payload = {}, more: Payload = {}) =>
      table.call('UpdateItem', {
        Key: { pk: s('a') },
        UpdateExpression,
        ReturnValues: 'ALL_NEW',
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
        ...more,
      }),
    transaction: (first: Payload, second: Payload, more: Payload = {}) =>
      table.call('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 't', ...first } }, { Put: { TableName: 't', ...second } }],
        ...more,
      }),
    /** The claims that are due at `5`. */
    due: () =>
      table.call('Query', {
        IndexName: 'due',
        KeyConditionExpression: 'dueOn = :on AND dueAt <= :now',
        ExpressionAttributeValues: { ':on': s('claim'), ':now': s('5') },
      }),
  };
  beforeEach(() => {
    table.account = fakeAccount();
    table.service = table.account.add(dynamodb);
    const AttributeDefinitions = ['pk', 'dueOn', 'dueAt'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    }));
    table.account.create('AWS::DynamoDB::Table', 'Table', {
      TableName: 't',
      AttributeDefinitions,
      ...tableProperties,
    });
    table.stream = [];
    table.service.onStreamRecord('arn:aws:dynamodb:eu-west-2:111122223333:table/t/stream/1', (record) =>
      table.stream.push(record),
    );
  });
  return table;
}
