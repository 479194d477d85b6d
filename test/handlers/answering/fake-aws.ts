/** The table, the roster, the secret and the waking of an answer, in memory, behind the SDK clients' own `send`. */
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { ROSTER_KEY, type Roster } from '../../../handlers/on-call/roster.ts';
import { check } from '../../conditions.ts';
import { Items } from '../../items.ts';
import { updated } from '../../updates.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs and stored items have every shape
type Any = any;

export type FakeAws = {
  items: Items;
  roster: Roster;
  /** What the archive holds, by key. */
  objects: Map<string, { body: string; at: Date }>;
  /** Tokens of tasks that were woken. */
  wakes: string[];
  /** Every write of the table, in order: `Update PAGE#...`. */
  writes: string[];
  /** Return an error to have the call fail: `Get VITALS#p-7`. */
  before: (call: string) => Error | undefined;
};

export const rootKey = 'R'.repeat(64);

export function fakeAws(roster: Roster): FakeAws {
  const aws: FakeAws = {
    items: new Items(),
    roster,
    objects: new Map(),
    wakes: [],
    writes: [],
    before: () => undefined,
  };
  const operations: Record<string, (input: Any) => unknown> = {
    Get: (input) => aws.items.read(input),
    Put: ({ Item, ...write }) => {
      check(aws.items.get(Item.pk), write);
      aws.writes.push(`Put ${Item.pk}`);
      aws.items.set(Item.pk, structuredClone(Item));
    },
    Update: (write) => {
      const { pk } = write.Key;
      check(aws.items.get(pk), write);
      aws.writes.push(`Update ${pk}`);
      aws.items.set(pk, updated(aws.items.get(pk), write));
      return { Attributes: aws.items.get(pk) };
    },
    Delete: ({ Key }) => {
      const before = aws.items.get(Key.pk);
      aws.items.delete(Key.pk);
      return { Attributes: before };
    },
    GetObject: ({ Key }) => {
      const { body, at } =
        Key === ROSTER_KEY ? { body: JSON.stringify(aws.roster) } : (aws.objects.get(Key) ?? {});
      return { Body: body && { transformToString: async () => body }, LastModified: at };
    },
    GetSecretValue: () => ({ SecretString: rootKey }),
    SendTaskSuccess: ({ taskToken }) => aws.wakes.push(taskToken),
  };
  const answer = async (command: { constructor: { name: string }; input: Any }) => {
    const { input } = command;
    const operation = command.constructor.name.replace('Command', '');
    const refused = aws.before(`${operation} ${input.Key?.pk ?? input.Item?.pk}`);
    if (refused) throw refused;
    return operations[operation]?.(input);
  };
  for (const client of [DynamoDBDocumentClient, S3Client, SecretsManagerClient, SFNClient]) {
    vi.spyOn(client.prototype, 'send').mockImplementation(answer as never);
  }
  return aws;
}
