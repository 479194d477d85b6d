/** Asks the account that is deployed to how many functions it runs at once, and the stream for its shards. */
import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type AccountConcurrency, firstShards } from '../constructs/concurrency.ts';

type Aws = { lambda: Pick<LambdaClient, 'send'>; kinesis: Pick<KinesisClient, 'send'> };

/** Never throws: what could not be looked up (no credentials, no network, no right) must not keep anybody from deploying. */
export async function accountConcurrency(
  { lambda, kinesis }: Aws,
  streamName: string,
): Promise<AccountConcurrency | { notKnown: string }> {
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    return {
      limit: given(AccountLimit?.ConcurrentExecutions, 'ConcurrentExecutions'),
      unreserved: given(AccountLimit?.UnreservedConcurrentExecutions, 'UnreservedConcurrentExecutions'),
      openShards: await openShards(kinesis, streamName),
    };
  } catch (error) {
    return { notKnown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** A stream on demand grows with what is sent into it; before the first deployment there is none. */
async function openShards(kinesis: Aws['kinesis'], StreamName: string): Promise<number> {
  try {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    return given(StreamDescriptionSummary?.OpenShardCount, 'OpenShardCount');
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return firstShards;
    throw error;
  }
}

function given(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`the answer has no ${name}`);
  return value;
}
