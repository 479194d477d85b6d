/** The table that the local account models: a single text key, indexes of two text keys, a stream of both images. */
import { z } from 'zod';
import { inert } from '../../engine/inert.ts';
import type { Item } from './items.ts';

export type Index = { hash: string; range: string };

export type TableChange = {
  sequenceNumber: string;
  at: number;
  eventName: string;
  keys: Item;
  newImage?: Item;
  oldImage?: Item;
};

export type Versions = {
  item: Item | undefined;
  before: Item | undefined;
  visibleAt: number;
  indexedAt: number;
};
export type Table = {
  name: string;
  arn: string;
  streamArn: string;
  items: Map<string, Versions>;
  indexes: Map<string, Index>;
  /** Keys of the items that an index holds, or held a moment ago: what a query has to look at. */
  indexed: Set<string>;
  /** Keys of the items that a transaction is writing. */
  held: Set<string>;
  listeners: ((record: TableChange) => void)[];
};

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
export const tableProperties = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: inert(
    'every key is a text',
    z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.literal('S') })),
  ),
  KeySchema: keySchema.length(1),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema.length(2),
        Projection: z.strictObject({ ProjectionType: z.literal('ALL') }),
      }),
    )
    .optional(),
  StreamSpecification: z.strictObject({ StreamViewType: z.literal('NEW_AND_OLD_IMAGES') }).optional(),
  PointInTimeRecoverySpecification: inert(
    'nothing here restores a table',
    z.strictObject({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
  ),
  SSESpecification: inert(
    'encryption at rest changes nothing that a caller sees',
    z
      .strictObject({ SSEEnabled: z.literal(true), SSEType: z.literal('KMS'), KMSMasterKeyId: z.string() })
      .optional(),
  ),
  TimeToLiveSpecification: inert(
    'AWS deletes expired items within a few days, so that no reader may rely on it: here they stay',
    z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  ),
});
