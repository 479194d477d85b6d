/** The updates of the handlers' writes, as the in-memory tables of these tests understand them. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { updateOf } from '../infra/local/services/dynamodb/updates.ts';

// biome-ignore lint/suspicious/noExplicitAny: stored items have every shape
type Item = any;
type Update = {
  Key: { pk: string };
  UpdateExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

/** The item after the update; one that was not there is made. */
export function updated(present: Item | undefined, write: Update): Item {
  const item = marshall(present ?? write.Key);
  updateOf(write.UpdateExpression)(item, {
    names: write.ExpressionAttributeNames ?? {},
    values: marshall(write.ExpressionAttributeValues ?? {}),
  });
  return unmarshall(item);
}
