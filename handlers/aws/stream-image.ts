/** Items as a DynamoDB stream brings them, in AttributeValues, read as plain objects. */
import { z } from 'zod';

/** The types that our items use; another one is an error that names its path. */
const AttributeValue: z.ZodType<unknown> = z.lazy(() =>
  z.union([
    z.strictObject({ S: z.string() }).transform(({ S }) => S),
    z.strictObject({ N: z.string() }).transform(({ N }) => Number(N)),
    z.strictObject({ BOOL: z.boolean() }).transform(({ BOOL }) => BOOL),
    z.strictObject({ NULL: z.literal(true) }).transform(() => null),
    z.strictObject({ L: z.array(AttributeValue) }).transform(({ L }) => L),
    z.strictObject({ M: z.record(z.string(), AttributeValue) }).transform(({ M }) => M),
  ]),
);

export const StreamImage = z.record(z.string(), AttributeValue);
