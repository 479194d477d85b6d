/** A batch of the table's stream as Lambda hands it over, and the images in it, in AttributeValues. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';

/** An item as a plain object, by the SDK's own function, which refuses a type that is none of DynamoDB's. */
const Image = z.record(z.string(), z.custom<AttributeValue>(isObject)).transform((image, context) => {
  try {
    return unmarshall(image);
  } catch {
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. Images are parsed record by record: one that is none is left out alone. */
export const StreamBatch = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        OldImage: z.unknown().optional(),
        NewImage: z.unknown().optional(),
      }),
    }),
  ),
});
export type StreamRecord = z.infer<typeof StreamBatch>['Records'][number]['dynamodb'];

/** The item before and after the write. */
export const Images = z.object({ OldImage: Image.optional(), NewImage: Image.optional() });

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
