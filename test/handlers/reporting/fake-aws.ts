/** Archive, query results and the due index of a report, in memory, behind the SDK clients' own `send`. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { ROSTER_KEY, type Roster } from '../../../handlers/on-call/roster.ts';
import { check } from '../../conditions.ts';
import { Items } from '../../items.ts';
import { updated } from '../../updates.ts';
import { rootKey } from '../answering/fake-aws.ts';
import { aRoster } from '../on-call/builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs and stored items have every shape
type Any = any;
type Row = Record<string, string | null>;

export type FakeAws = {
  roster: Roster;
  objects: Map<string, { body: string; type: string; at: Date }>;
  /** Rows by query execution; two a page, so that nobody forgets to ask for the next. */
  results: Map<string, Row[]>;
  /** Items as the table keeps them. */
  due: { dueOn?: string }[];
  items: Items;
  /** Return an error to have the call of that operation fail. */
  before: (operation: string) => Error | undefined;
};

const cells = (values: (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});

export function fakeAws(): FakeAws {
  const aws: FakeAws = {
    roster: aRoster(),
    objects: new Map(),
    results: new Map(),
    due: [],
    items: new Items(),
    before: () => undefined,
  };
  const operations: Record<string, (input: Any) => unknown> = {
    PutObject: ({ Key, Body, ContentType }) =>
      aws.objects.set(Key, { body: Body, type: ContentType, at: new Date() }),
    GetObject: ({ Key }) => {
      const object = aws.objects.get(Key);
      const body = Key === ROSTER_KEY ? JSON.stringify(aws.roster) : object?.body;
      if (body === undefined) throw new NoSuchKey({ message: 'no such key', $metadata: {} });
      return { Body: { transformToString: async () => body }, LastModified: object?.at };
    },
    GetQueryResults: ({ QueryExecutionId, NextToken }) => {
      const rows = aws.results.get(QueryExecutionId) as Row[];
      const names = Object.keys(rows[0] ?? {});
      const all = [cells(names), ...rows.map((row) => cells(names.map((name) => row[name] ?? null)))];
      const from = Number(NextToken ?? 0);
      return {
        ResultSet: { Rows: all.slice(from, from + 2) },
        ...(from + 2 < all.length && { NextToken: String(from + 2) }),
      };
    },
    Query: ({ ExpressionAttributeValues, ExclusiveStartKey }) => {
      const from = ExclusiveStartKey?.from ?? 0;
      const found = aws.due.filter(({ dueOn }) => dueOn === ExpressionAttributeValues[':dueOn']);
      return {
        Items: found.slice(from, from + 1),
        ...(from + 1 < found.length && { LastEvaluatedKey: { from: from + 1 } }),
      };
    },
    /** One object a page. */
    ListObjectsV2: ({ Prefix, ContinuationToken = '0' }) => {
      const found = [...aws.objects].filter(([Key]) => Key.startsWith(Prefix));
      const next = Number(ContinuationToken) + 1;
      return {
        Contents: found.slice(next - 1, next).map(([Key, { at }]) => ({ Key, LastModified: at })),
        ...(next < found.length && { NextContinuationToken: `${next}` }),
      };
    },
    GetSecretValue: () => ({ SecretString: rootKey }),
    Get: (input) => aws.items.read(input),
    Update: (write) => {
      const { pk } = write.Key;
      check(aws.items.get(pk), write);
      aws.items.set(pk, updated(aws.items.get(pk), write));
      return { Attributes: aws.items.get(pk) };
    },
  };
  const answer = async (command: { constructor: { name: string }; input: Any }) => {
    const operation = command.constructor.name.replace('Command', '');
    const refused = aws.before(operation);
    if (refused) throw refused;
    return operations[operation]?.(command.input);
  };
  for (const client of [AthenaClient, DynamoDBDocumentClient, S3Client, SecretsManagerClient])
    vi.spyOn(client.prototype, 'send').mockImplementation(answer as never);
  return aws;
}
