/** The table, the roster, the secret and the bell of an answer, in memory, behind the SDK clients' own `send`. */
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import type { Roster } from '../../handlers/on-call/roster.ts';
import { check } from '../conditions.ts';
import { Items } from '../items.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs and stored items have every shape
type Any = any;

export type FakeAws = {
  items: Items;
  roster: Roster;
  /** Task tokens that were answered. */
  bells: string[];
  /** Every write of the table, in order: `Update PAGE#...`. */
  writes: string[];
  /** Return an error to have the call fail: `Get VITALS#p-7`. */
  before: (call: string) => Error | undefined;
};

export const rootKey = 'R'.repeat(64);

export function fakeAws(roster: Roster): FakeAws {
  const aws: FakeAws = { items: new Items(), roster, bells: [], writes: [], before: () => undefined };
  const operations: Record<string, (input: Any) => unknown> = {
    Get: (input) => aws.items.read(input),
    Put: ({ Item, ...write }) => {
      check(aws.items.get(Item.pk), write);
      aws.writes.push(`Put ${Item.pk}`);
      aws.items.set(Item.pk, structuredClone(Item));
    },
    Update: ({ Key, ...write }) => {
      const present = aws.items.get(Key.pk);
      const values = write.ExpressionAttributeValues;
      check(present, write);
      aws.writes.push(`Update ${Key.pk}`);
      aws.items.set(Key.pk, { ...present, wrongPins: values[':count'], lockedUntil: values[':until'] });
    },
    GetObject: () => ({ Body: { transformToString: async () => JSON.stringify(aws.roster) } }),
    GetSecretValue: () => ({ SecretString: rootKey }),
    SendTaskSuccess: ({ taskToken }) => aws.bells.push(taskToken),
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
