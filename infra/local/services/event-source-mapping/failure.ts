/**
 * What an event source mapping leaves in its S3 destination of records that it gives up: an object of a documented name,
 * with the invocation's metadata and the whole event.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
import type { Random } from '../../engine/random.ts';
import type { Payload } from '../../engine/service.ts';
import type { Entry } from './entries.ts';

export type GivenUp = {
  mappingId: string;
  functionArn: string;
  streamArn: string;
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  batch: readonly Entry[];
  /** How often the function was invoked with it, and its last answer; undefined when it was never reached. */
  invocations: number;
  response: Payload | undefined;
};

export function uuid(random: Random): string {
  return random
    .bytes(16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The object's key and body. */
export function failureObject(given: GivenUp, nowMs: number, random: Random): { Key: string; Body: string } {
  const { batch, response, streamArn } = given;
  const [first, last] = [batch[0] as Entry, batch.at(-1) as Entry];
  const timestamp = new Date(nowMs).toISOString();
  const day = timestamp.slice(0, 10).replaceAll('-', '/');
  const second = timestamp.slice(0, 19).replaceAll(':', '.');
  const Body = JSON.stringify({
    requestContext: {
      requestId: uuid(random),
      functionArn: given.functionArn,
      condition: given.condition,
      approximateInvokeCount: given.invocations,
    },
    ...(response && {
      responseContext: {
        statusCode: response.StatusCode,
        executedVersion: '$LATEST',
        functionError: response.FunctionError ?? null,
      },
    }),
    version: '1.0',
    timestamp,
    [streamArn.includes(':kinesis:') ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId: first.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.at).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.at).toISOString(),
      batchSize: batch.length,
      streamArn,
    },
    payload: JSON.stringify({ Records: batch.map((entry) => entry.event) }),
  });
  return { Key: `aws/lambda/${given.mappingId}/${first.shardId}/${day}/${second}-${uuid(random)}`, Body };
}
