/** The little of AWS that the reading handlers touch, in memory, behind the SDK clients' own `send`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { check } from '../../conditions.ts';
import { Items } from '../../items.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs and stored items have every shape
type Any = any;
type Command = { constructor: { name: string }; input: Any };

export type FakeAws = {
  items: Items;
  objects: Map<string, string>;
  executions: Map<string, Any>;
  streamed: Any[];
  /** Every call, in order: `Put READING#...`, `StartExecution critical-...`. */
  calls: string[];
  /** Return an error to have the call fail; it is asked before the call has its effect. */
  fault: (call: string) => Error | undefined;
};

export function fakeAws(): FakeAws {
  const aws: FakeAws = {
    items: new Items(),
    objects: new Map(),
    executions: new Map(),
    streamed: [],
    calls: [],
    fault: () => undefined,
  };
  const answer = async (command: Command) => {
    const { input } = command;
    const operation = command.constructor.name.replace('Command', '');
    const about = input.Item?.pk ?? input.Key?.pk ?? input.Key ?? input.name ?? input.StreamName;
    aws.calls.push(`${operation} ${about}`);
    const error = aws.fault(`${operation} ${about}`);
    if (error) throw error;
    return operations[operation]?.(input);
  };
  const operations: Record<string, (input: Any) => unknown> = {
    Get: (input) => aws.items.read(input),
    Put: ({ Item, ...write }) => {
      check(aws.items.get(Item.pk), write);
      aws.items.set(Item.pk, structuredClone(Item));
    },
    PutObject: ({ Key, Body }) => aws.objects.set(Key, Body),
    StartExecution: ({ name, input }) => {
      if (aws.executions.has(name) && aws.executions.get(name) !== input) {
        throw new ExecutionAlreadyExists({ message: 'Execution Already Exists', $metadata: {} });
      }
      aws.executions.set(name, input);
    },
    PutRecords: ({ Records }) => {
      aws.streamed.push(...Records);
      return { Records: Records.map(() => ({ SequenceNumber: '1' })) };
    },
  };
  for (const client of [DynamoDBDocumentClient, DynamoDBClient, S3Client, SFNClient, KinesisClient]) {
    vi.spyOn(client.prototype, 'send').mockImplementation(answer as never);
  }
  return aws;
}
