/** The little of AWS that the escalation's functions touch, in memory, behind the SDK clients' own `send`. */
import {
  ConditionalCheckFailedException,
  InternalServerError,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient, TaskTimedOut } from '@aws-sdk/client-sfn';
import { NotFoundException, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { Claim } from '../../../handlers/alert/claim.ts';
import { Page } from '../../../handlers/alert/page.ts';
import { StoredAlert } from '../../../handlers/aws/alert-store.ts';
import { check, holds } from '../../conditions.ts';
import { Items } from '../../items.ts';
import { stored } from './builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs and stored items have every shape
type Any = any;

export const metadata = { $metadata: {} };
/** What the SDK throws when a service did not answer as often as it asked. */
export const silence = () => new InternalServerError({ message: 'no answer', ...metadata });

type Item = Alert | ReturnType<typeof stored> | Claim | Page | { pk: string; recent: object[] };
const isWithoutToken = (item: Item): item is Alert =>
  'kind' in item && item.kind === 'alert' && !('token' in item);

export class FakeAws {
  items = new Items();
  objects = new Map<string, string>();
  executions = new Map<string, Any>();
  /** Tokens of tasks that wait; a wake takes its token away. */
  waiting = new Set<string>();
  /** Topic by the states of its subscriptions: an ARN when confirmed. */
  subscriptions = new Map<string, string[]>();
  /** The next turn of an address where others wait, epoch milliseconds, by the topic's name. */
  turns = new Map<string, number>();
  mails: { TopicArn: string; Subject: string; Message: string }[] = [];
  archived: Any[] = [];
  /** Who was asked to confirm a subscription, as topic and address. */
  asked: string[] = [];
  /** Every call, in order: `Put PATIENT#p-7`, `Publish arn:...`. */
  calls: string[] = [];
  /** Return an error to have the call fail before it has its effect, or after it. */
  before: (call: string) => Error | undefined = () => undefined;
  after: (call: string) => Error | undefined = () => undefined;

  /** The patient's alert and its token, as whoever reads the table finds them: an item of another shape is an error. */
  stored(pk = 'PATIENT#p-7'): StoredAlert {
    return StoredAlert.parse(this.items.get(pk));
  }
  alert(pk = 'PATIENT#p-7'): Alert {
    return this.stored(pk).alert;
  }
  claim(readingId = '3f9a0c21b7de4455aa'): Claim {
    return Claim.parse(this.items.get(`READING#${readingId}`));
  }
  pages(): Page[] {
    return [...this.items.values()].filter(({ kind }) => kind === 'page').map((item) => Page.parse(item));
  }
  /** An alert is stored with the token `token-1`; `stored` gives it another one, or none. */
  put(...items: Item[]): void {
    for (const item of items)
      this.items.set(item.pk, structuredClone(isWithoutToken(item) ? stored(item) : item));
  }

  async answer(command: { constructor: { name: string }; input: Any }): Promise<unknown> {
    const { input } = command;
    const operation = command.constructor.name.replace('Command', '') as keyof typeof operations;
    const about =
      input.Item?.pk ??
      input.Key?.pk ??
      input.TransactItems?.[0].Put.Item.pk ??
      input.ExpressionAttributeValues?.[':dueOn'] ??
      input.TopicArn ??
      input.taskToken ??
      input.name ??
      input.Key ??
      input.DeliveryStreamName;
    const call = `${operation} ${about}`;
    this.calls.push(call);
    const early = this.before(call);
    if (early) throw early;
    const result = operations[operation](this, input);
    const late = this.after(call);
    if (late) throw late;
    return result;
  }
}

const operations = {
  Get: (aws: FakeAws, input: Any) => aws.items.read(input),
  Put: (aws: FakeAws, input: Any) => {
    check(aws.items.get(input.Item.pk), input);
    aws.put(input.Item);
  },
  // Of updates there are only these here: the next turn at an address, and that a confirmation was asked for.
  Update: (aws: FakeAws, { Key, UpdateExpression, ExpressionAttributeValues: values }: Any) => {
    if (!Key.pk.startsWith('TURN#')) throw new Error(`Not understood: ${UpdateExpression}`);
    if (UpdateExpression.includes('renewedAt')) return { Attributes: { renewedAt: values[':now'] } };
    const name = Key.pk.slice('TURN#'.length);
    const next = aws.turns.get(name);
    const isInLine = values[':gap'] !== undefined;
    if (isInLine !== (next !== undefined && next > values[':now']) || (next ?? 0) > values[':latest'])
      throw new ConditionalCheckFailedException({ message: 'no', ...metadata });
    const turn = isInLine ? (next as number) + values[':gap'] : values[':next'];
    if (isInLine) aws.turns.set(name, turn);
    return { Attributes: { urgent: turn, routine: turn } };
  },
  TransactWrite: (aws: FakeAws, { TransactItems }: Any) => {
    const failed = TransactItems.map(({ Put }: Any) => !holds(aws.items.get(Put.Item.pk), Put));
    if (failed.includes(true)) {
      const CancellationReasons = failed.map((one: boolean) => ({
        Code: one ? 'ConditionalCheckFailed' : 'None',
      }));
      throw new TransactionCanceledException({ message: 'cancelled', CancellationReasons, ...metadata });
    }
    for (const { Put } of TransactItems) aws.put(Put.Item);
  },
  /** One item a page, so that nobody forgets to ask for the next. */
  Query: (aws: FakeAws, { ExpressionAttributeValues: values, ExclusiveStartKey }: Any) => {
    const due = [...aws.items.values()]
      .filter(({ dueOn, dueAt }) => dueOn === values[':dueOn'] && dueAt <= values[':now'])
      .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
    const from = ExclusiveStartKey ? due.findIndex(({ pk }) => pk === ExclusiveStartKey.pk) + 1 : 0;
    const more = from + 1 < due.length;
    return {
      Items: structuredClone(due.slice(from, from + 1)),
      ...(more && { LastEvaluatedKey: { pk: due[from].pk } }),
    };
  },
  StartExecution: (aws: FakeAws, { name, input }: Any) => {
    if (aws.executions.has(name)) throw new ExecutionAlreadyExists({ message: 'exists', ...metadata });
    aws.executions.set(name, JSON.parse(input));
  },
  SendTaskSuccess: (aws: FakeAws, { taskToken }: Any) => {
    if (!aws.waiting.delete(taskToken)) throw new TaskTimedOut({ message: 'timed out', ...metadata });
  },
  ListSubscriptionsByTopic: (aws: FakeAws, { TopicArn, NextToken }: Any) => {
    const states = aws.subscriptions.get(TopicArn);
    if (!states) throw new NotFoundException({ message: 'Topic does not exist', ...metadata });
    const from = Number(NextToken ?? 0);
    return {
      Subscriptions: states.slice(from, from + 1).map((SubscriptionArn) => ({ SubscriptionArn })),
      ...(from + 1 < states.length && { NextToken: String(from + 1) }),
    };
  },
  Subscribe: (aws: FakeAws, { TopicArn, Endpoint }: Any) => void aws.asked.push(`${TopicArn} ${Endpoint}`),
  Publish: (aws: FakeAws, input: Any) => {
    if (!aws.subscriptions.has(input.TopicArn))
      throw new NotFoundException({ message: 'Topic does not exist', ...metadata });
    return { MessageId: `message-${aws.mails.push(input)}` };
  },
  GetObject: (aws: FakeAws, { Key }: Any) => ({
    Body: { transformToString: async () => aws.objects.get(Key) },
  }),
  PutRecordBatch: (aws: FakeAws, { Records }: Any) => {
    aws.archived.push(...Records.map(({ Data }: Any) => JSON.parse(new TextDecoder().decode(Data))));
    return { RequestResponses: Records.map((_: Any, index: number) => ({ RecordId: String(index) })) };
  },
};

/** From here on the SDK's clients talk to this. */
export function fakeAws(): FakeAws {
  const aws = new FakeAws();
  for (const client of [DynamoDBDocumentClient, S3Client, SFNClient, SNSClient, FirehoseClient]) {
    vi.spyOn(client.prototype, 'send').mockImplementation(((command: never) => aws.answer(command)) as never);
  }
  return aws;
}
