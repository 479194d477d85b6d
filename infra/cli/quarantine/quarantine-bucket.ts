/** The quarantine of a stage: its objects, who has re-driven which, and the way back into the stream (decisions/0029). */
import { type KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { z } from 'zod';
import { asRedriven } from '../../../handlers/reading/redriven.ts';
import { KEPT_PREFIXES, type KeptObject, keptObject } from './kept-object.ts';

export type Quarantine = {
  bucket: string;
  s3: Pick<S3Client, 'send'>;
};

/** Beside each object that was re-driven lies one that says so, under the same key below this one. */
const REDRIVEN = 'redriven/';

const Redriven = z.object({
  at: z.string(),
  by: z.string(),
  reason: z.string().nullable(),
  records: z.int(),
});
export type Redriven = z.infer<typeof Redriven>;

export type Kept = KeptObject & { redriven: Redriven | null };

/** Of a few hundred bytes each; S3 answers within a tenth of a second. */
const AT_ONCE = { concurrency: 10 };

type KeptKey = { key: string; isRedriven: boolean };

/** The keys of everything that is kept. */
export async function keptKeys(quarantine: Quarantine): Promise<KeptKey[]> {
  const [marks = [], ...kept] = await Promise.all(
    [REDRIVEN, ...KEPT_PREFIXES].map((prefix) => keysBelow(prefix, quarantine)),
  );
  const marked = new Set(marks);
  return kept.flat().map((key) => ({ key, isRedriven: marked.has(`${REDRIVEN}${key}`) }));
}

/** These objects in the order of the stream, shard by shard as they came. */
export async function keptObjects(keys: readonly KeptKey[], quarantine: Quarantine): Promise<Kept[]> {
  const objects = await pMap(
    keys,
    async ({ key, isRedriven }) => ({
      ...keptObject(key, (await textOf(key, quarantine)) ?? ''),
      redriven: isRedriven ? await redrivenOf(key, quarantine) : null,
    }),
    AT_ONCE,
  );
  return objects.sort(
    (one, other) =>
      one.at.localeCompare(other.at) ||
      Number(BigInt(one.sequenceNumber) - BigInt(other.sequenceNumber)) ||
      (one.index ?? 0) - (other.index ?? 0),
  );
}

/**
 * Puts an object's records into the stream again, each with when it first came, then writes down who did. What was re-driven before is not sent again.
 * A crash between the two, or two people at once, may send it twice: a reading that says its time is the same one then,
 * and is raised once; one that does not joins its patient's open alert.
 */
export async function redrive(
  object: KeptObject,
  said: Omit<Redriven, 'records'>,
  { stream, kinesis, ...quarantine }: Quarantine & { stream: string; kinesis: Pick<KinesisClient, 'send'> },
): Promise<'sent' | 'had been sent'> {
  if (await redrivenOf(object.key, quarantine)) return 'had been sent';
  // One after the other: they keep their order.
  for (const { partitionKey, arrivedAt, bytes } of object.records) {
    const Data = asRedriven(bytes, arrivedAt);
    await kinesis.send(new PutRecordCommand({ StreamName: stream, PartitionKey: partitionKey, Data }));
  }
  await quarantine.s3.send(
    new PutObjectCommand({
      Bucket: quarantine.bucket,
      Key: `${REDRIVEN}${object.key}`,
      Body: `${JSON.stringify({ ...said, records: object.records.length } satisfies Redriven)}\n`,
      ContentType: 'application/json',
    }),
  );
  return 'sent';
}

async function redrivenOf(key: string, quarantine: Quarantine): Promise<Redriven | null> {
  const text = await textOf(`${REDRIVEN}${key}`, quarantine);
  return text === undefined ? null : Redriven.parse(JSON.parse(text));
}

async function textOf(key: string, { bucket, s3 }: Quarantine): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function keysBelow(prefix: string, { bucket, s3 }: Quarantine): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return keys;
}
