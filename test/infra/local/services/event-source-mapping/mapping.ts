/** A stream, and a mapping from it to a function that does as told. */
import type { Payload, Service } from '../../../../../infra/local/engine/service.ts';
import { eventSourceMapping } from '../../../../../infra/local/services/event-source-mapping/service.ts';
import { kinesis } from '../../../../../infra/local/services/kinesis.ts';
import { type FakeAccount, fakeAccount, operator } from '../../fake-account.ts';

export const streamArn = 'arn:aws:kinesis:eu-west-2:111122223333:stream/readings';
export const tableStreamArn = 'arn:aws:dynamodb:eu-west-2:111122223333:table/t/stream/1';
export const bucketArn = 'arn:aws:s3:::archive';

const textOf = (record: Payload) =>
  record.kinesis ? Buffer.from(record.kinesis.data, 'base64').toString() : record.dynamodb.Keys.pk.S;
const numberOf = (record: Payload) => record.kinesis?.sequenceNumber ?? record.dynamodb.SequenceNumber;

/**
 * What the function makes of a batch: the texts that failed (or an identifier that no record has), an Error that it throws,
 * or an answer of another form. What `consume` itself throws is an invocation that did not come about.
 */
export type Consume = (records: string[]) => string[] | Error | { answer: Payload };

export function theFunction(account: FakeAccount, consume: Consume, milliseconds = 0) {
  const batches: string[][] = [];
  const events: Payload[] = [];
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        roleOf: () => 'arn:aws:iam::111122223333:role/consumer',
        operations: {
          Invoke: {
            options: ['FunctionName', 'InvocationType', 'Payload'],
            permissions: () => [],
            async run({ Payload }: { Payload: string }) {
              const records = JSON.parse(Payload).Records as Payload[];
              const texts = records.map(textOf);
              batches.push(texts);
              events.push(...records);
              const result = consume(texts);
              await account.clock.sleep(milliseconds);
              if (result instanceof Error)
                return { StatusCode: 200, FunctionError: 'Unhandled', Payload: '{}' };
              const failures = (Array.isArray(result) ? result : []).map((text) => ({
                itemIdentifier: texts.includes(text) ? numberOf(records[texts.indexOf(text)]) : text,
              }));
              const answer = 'answer' in result ? result.answer : { batchItemFailures: failures };
              return { StatusCode: 200, Payload: JSON.stringify(answer) };
            },
          },
        },
      }) as unknown as Service,
  );
  return { batches, events };
}

export const streamMapping = {
  EventSourceArn: streamArn,
  FunctionName: 'consumer',
  BatchSize: 100,
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: -1,
  MaximumRecordAgeInSeconds: 604_800,
  DestinationConfig: { OnFailure: { Destination: bucketArn } },
};

/** A stream and a function that says what becomes of each batch of records. */
export function aMapping(consume: Consume, properties: Payload = {}, milliseconds = 0) {
  const account = fakeAccount();
  account.add(kinesis);
  const seen = theFunction(account, consume, milliseconds);
  const objects: { Bucket: string; Key: string; Body: string }[] = [];
  account.add(() => ({
    id: 's3',
    resources: {},
    operations: {
      PutObject: {
        options: ['Bucket', 'Key', 'Body'],
        permissions: () => [],
        run: (input) => void objects.push(input),
      },
    },
  }));
  const mappings = account.add(eventSourceMapping);
  account.create('AWS::Kinesis::Stream', 'Stream', {
    Name: 'readings',
    RetentionPeriodHours: 168,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  account.create('AWS::Lambda::EventSourceMapping', 'Mapping', { ...streamMapping, ...properties });
  mappings.start?.();
  const putFor = (PartitionKey: string, ...texts: string[]) =>
    account.done(
      account.call(operator, 'kinesis', 'PutRecords', {
        StreamName: 'readings',
        Records: texts.map((text) => ({ PartitionKey, Data: Buffer.from(text) })),
      }),
    );
  const put = (...texts: string[]) => putFor('one device', ...texts);
  const run = (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000);
  /** The objects at the destination: why, and the records within. */
  const kept = () =>
    objects.map(({ Body }) => {
      const { requestContext, payload } = JSON.parse(Body);
      return [requestContext.condition, JSON.parse(payload).Records.map(textOf)];
    });
  return { account, ...seen, objects, kept, put, putFor, run };
}

/** Fails as told the first time, and never again. */
export function once(failing: ReturnType<Consume>): Consume {
  let first = true;
  return () => {
    const result = first ? failing : [];
    first = false;
    return result;
  };
}
