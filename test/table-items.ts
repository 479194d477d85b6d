/** The items of the table that functions under test write to, as plain objects by their key. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Random, seededRandom } from '../infra/local/engine/random.ts';
import type { Payload } from '../infra/local/engine/service.ts';
import { type DynamoDbService, dynamodb } from '../infra/local/services/dynamodb/service.ts';
import { type FakeAccount, operator } from './infra/local/fake-account.ts';

/** What functions rely on, as the template has it. */
export const tableProperties = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'dueOn', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

/** Replicas, which lag by milliseconds, never see the last write; the index, which may lag by more, is up to date. */
const lags: Random = {
  ...seededRandom(1, 'lags'),
  below: (limit) => (limit < 100 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
};

export class TableItems {
  readonly #account: FakeAccount;
  readonly #tableName: string;
  #service!: DynamoDbService;

  constructor(account: FakeAccount, tableName: string) {
    this.#account = account;
    this.#tableName = tableName;
    const { random } = account;
    account.random = (purpose) => (purpose === 'dynamodb' ? lags : random(purpose));
    this.clear();
  }
  /** Another table of the same name. */
  clear(): void {
    this.#service = this.#account.add(dynamodb);
    const AttributeDefinitions = ['pk', 'dueOn', 'dueAt'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    }));
    this.#account.create('AWS::DynamoDB::Table', 'Table', {
      TableName: this.#tableName,
      AttributeDefinitions,
      ...tableProperties,
    });
  }
  #run(operation: string, input: Payload): Payload {
    return this.#service.operations[operation]?.run({ TableName: this.#tableName, ...input }, operator);
  }
  get(pk: string): Payload {
    const { Item } = this.#run('GetItem', { Key: { pk: { S: pk } }, ConsistentRead: true });
    return Item && unmarshall(Item);
  }
  has(pk: string): boolean {
    return this.get(pk) !== undefined;
  }
  set(pk: string, item: object): void {
    this.#run('PutItem', { Item: marshall({ ...item, pk }, { removeUndefinedValues: true }) });
  }
  delete(pk: string): void {
    this.#run('DeleteItem', { Key: { pk: { S: pk } } });
  }
  values(): Payload[] {
    return this.#service.items(this.#tableName).map((item) => unmarshall(item));
  }
  get size(): number {
    return this.#service.items(this.#tableName).length;
  }
  [Symbol.iterator](): Iterator<[pk: string, item: Payload]> {
    return this.values()
      .map((item): [string, Payload] => [item.pk, item])
      .values();
  }
}
