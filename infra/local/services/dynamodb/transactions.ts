/**
 * DynamoDB's TransactWriteItems, of puts.
 *
 * - All or nothing, 100 items at most, with a reason an item; for ten minutes the same ClientRequestToken is answered without
 *   doing it again. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * - While it is under way, its items take no other write: a single one is refused with TransactionConflictException, another
 *   transaction is cancelled, with TransactionConflict as its reason. Reads find the items as they were.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */

import { AwsError } from '../../engine/aws-error.ts';
import { onlyOptions } from '../../engine/options.ts';
import type { Account, Payload } from '../../engine/service.ts';
import { invalid } from './items.ts';
import type { Table } from './table.ts';
import { prepare, type Write, type WriteRequest, writeOptions, writeRequest } from './writes.ts';

const tokenLifeMs = 10 * 60_000;
const maximumItems = 100;
/** From prepared to committed: a few milliseconds; AWS names no figure. */
const commitMs = { least: 1, spread: 10 };

const codes: Record<string, string> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  TransactionConflictException: 'TransactionConflict',
  ValidationException: 'ValidationError',
};

function requestsOf(input: Payload, tableOf: (name: string) => Table): WriteRequest[] {
  const requests: WriteRequest[] = input.TransactItems.map((entry: Payload) => {
    onlyOptions('dynamodb:TransactWriteItems', entry, ['Put']);
    onlyOptions('dynamodb:TransactWriteItems', entry.Put, writeOptions.Put);
    return writeRequest('Put', entry.Put, tableOf(entry.Put.TableName));
  });
  if (requests.length < 1 || requests.length > maximumItems)
    throw invalid(`TransactItems: 1 to ${maximumItems} items`);
  if (new Set(requests.map(({ table, key }) => `${table.name}/${key}`)).size < requests.length)
    throw invalid('Transaction request cannot include multiple operations on one item');
  return requests;
}

/** Every write of the transaction; throws TransactionCanceledException unless all can be made. */
function prepareAll(requests: readonly WriteRequest[]): Write[] {
  const writes: Write[] = [];
  const reasons = requests.map((request) => {
    try {
      writes.push(prepare(request));
      return { Code: 'None' };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Code: codes[error.name], Message: error.message, ...error.details };
    }
  });
  if (writes.length === requests.length) return writes;
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );
}

/** The operation, on tables found by `tableOf`, with writes made by `apply`. */
export function transactions(
  account: Account,
  tableOf: (name: string) => Table,
  apply: (write: Write) => void,
): (input: Payload) => Promise<Payload> {
  const tokens = new Map<string, { at: number; request: string }>();
  const random = account.random('dynamodb transactions');

  function isRepeated(token: string | undefined, request: string): boolean {
    const earlier = token === undefined ? undefined : tokens.get(token);
    if (!earlier || account.clock.now() - earlier.at >= tokenLifeMs) return false;
    if (earlier.request === request) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used for another request');
  }

  return async (input) => {
    const requests = requestsOf(input, tableOf);
    const request = JSON.stringify(input.TransactItems);
    if (isRepeated(input.ClientRequestToken, request)) return {};
    const writes = prepareAll(requests);
    for (const { table, key } of writes) table.held.add(key);
    await account.clock.sleep(commitMs.least + random.below(commitMs.spread));
    for (const { table, key } of writes) table.held.delete(key);
    for (const write of writes) apply(write);
    if (input.ClientRequestToken) tokens.set(input.ClientRequestToken, { at: account.clock.now(), request });
    return {};
  };
}
