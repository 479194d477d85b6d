/**
 * Stream records as a function receives them.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
import { createHash } from 'node:crypto';
import type { Payload } from '../../engine/service.ts';
import { itemBytes } from '../dynamodb/items.ts';
import type { TableChange } from '../dynamodb/table.ts';
import type { KinesisRecord } from '../kinesis.ts';

/** One record as the function receives it. */
export type Entry = { sequenceNumber: string; shardId: string; at: number; event: Payload };

/** Where a record comes from, and as which role it is read. */
type Source = { streamArn: string; region: string; roleArn: string };

export function kinesisEntry({ streamArn, region, roleArn }: Source, record: KinesisRecord): Entry {
  const { shardId, sequenceNumber, partitionKey, arrivedAt } = record;
  const event = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: record.data.toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: region,
    eventSourceARN: streamArn,
  };
  return { sequenceNumber, shardId, at: arrivedAt, event };
}

export function tableEntry({ streamArn, region }: Source, record: TableChange): Entry {
  const { sequenceNumber, at, eventName, keys, newImage = {}, oldImage = {} } = record;
  const event = {
    eventID: createHash('md5').update(sequenceNumber).digest('hex'),
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: keys,
      ...(record.newImage && { NewImage: record.newImage }),
      ...(record.oldImage && { OldImage: record.oldImage }),
      SequenceNumber: sequenceNumber,
      SizeBytes: itemBytes(keys) + itemBytes(newImage) + itemBytes(oldImage),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  };
  return { sequenceNumber, shardId: 'shardId-00000000000000000000-00000000', at, event };
}
