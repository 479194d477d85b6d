/** Asks the account that is deployed to how many functions it runs at once, the pages for their part, and the stream for its shards. */
import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { type AccountConcurrency, firstShards } from '../concurrency.ts';
import type { StageSettings } from '../config.ts';

type Aws = { lambda: Pick<LambdaClient, 'send'>; kinesis: Pick<KinesisClient, 'send'> };

/** Never throws: what could not be looked up (no credentials, no network, no right) must not keep anybody from deploying. */
export async function accountConcurrency(
  { lambda, kinesis }: Aws,
  { name, streamName }: Pick<StageSettings, 'name' | 'streamName'>,
): Promise<AccountConcurrency | { notKnown: string }> {
  try {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    return {
      limit: given(AccountLimit?.ConcurrentExecutions, 'ConcurrentExecutions'),
      unreserved: given(AccountLimit?.UnreservedConcurrentExecutions, 'UnreservedConcurrentExecutions'),
      pages:
        (await reservedFor(lambda, `vigil-${name}-answer-page`)) +
        (await reservedFor(lambda, `vigil-${name}-serve-report`)),
      openShards: await openShards(kinesis, streamName),
    };
  } catch (error) {
    return { notKnown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** The answer leaves out what is not reserved. */
async function reservedFor(lambda: Aws['lambda'], FunctionName: string): Promise<number> {
  const asked = lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return (await ifItStands(asked))?.ReservedConcurrentExecutions ?? 0;
}

/** A stream on demand grows with what is sent into it. */
async function openShards(kinesis: Aws['kinesis'], StreamName: string): Promise<number> {
  const described = await ifItStands(kinesis.send(new DescribeStreamSummaryCommand({ StreamName })));
  if (!described) return firstShards;
  return given(described.StreamDescriptionSummary?.OpenShardCount, 'OpenShardCount');
}

/** Before the first deployment there is nothing to ask. */
async function ifItStands<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function given(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`the answer has no ${name}`);
  return value;
}
