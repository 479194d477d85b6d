/** Items as a DynamoDB stream brings them, in AttributeValues, read as plain objects by the SDK's own function. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

export type StreamImage = Record<string, AttributeValue>;

/** Throws for a type that is none of DynamoDB's. */
export function itemOf(image: StreamImage): Record<string, unknown> {
  return unmarshall(image);
}
