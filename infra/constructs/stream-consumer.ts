/**
 * The one way a function is made the consumer of a stream: a failing batch is halved, what failed comes again for as long as
 * the stream has it, and what is given up is kept whole in the archive (decisions/0005).
 */
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';
import { allow } from './permissions.ts';

type StreamSettings = {
  streamArn: string;
  consumer: IFunction;
  keptSeconds: number;
  /** Batches of a shard under way at once; one where it is not said. */
  parallelizationFactor?: number;
  /** The only records that it is called for; else all. */
  pattern?: object;
};

export function consumeStream(
  scope: Construct,
  { buckets }: Foundation,
  id: string,
  { streamArn, consumer, keptSeconds, parallelizationFactor, pattern }: StreamSettings,
): void {
  const { archive } = buckets;
  // Lambda writes what it gives up to this prefix; it cannot be told another.
  consumer.addToRolePolicy(allow(['s3:PutObject'], archive.arnForObjects('aws/lambda/*')));
  consumer.addToRolePolicy(allow(['s3:ListBucket'], archive.bucketArn));
  new CfnEventSourceMapping(scope, id, {
    functionName: consumer.functionName,
    eventSourceArn: streamArn,
    startingPosition: 'TRIM_HORIZON',
    // One invocation handles 100 records in about a second, and a failing batch is halved to one record in 7 steps.
    batchSize: 100,
    bisectBatchOnFunctionError: true,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // By age, not by count: nothing is given up while the stream still has it.
    maximumRecordAgeInSeconds: keptSeconds,
    maximumRetryAttempts: -1,
    ...(parallelizationFactor && { parallelizationFactor }),
    ...(pattern && { filterCriteria: { filters: [{ pattern: JSON.stringify(pattern) }] } }),
    destinationConfig: { onFailure: { destination: archive.bucketArn } },
  });
}
