/** The AWS clients: built here and nowhere else, one of each per function instance, when first needed. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HANGING_CALL_SECONDS } from '../timings/worst-case.ts';

function once<T>(build: () => T): () => T {
  let built: T | undefined;
  return () => (built ??= build());
}

/**
 * A socket that hangs costs one attempt, not the function's time: these calls answer within a tenth of a second, and the
 * SDK makes 3 attempts (DynamoDB 4). Three that hang for 3 s and one that works end within the shortest time-out of a
 * function, 10 s; the escalation's 30 s hold two calls that hang throughout. Connecting takes 2 s when a first packet is
 * lost (RFC 6298), and is part of the 3 s. By itself the SDK only logs a request's time-out.
 */
const requestHandler = {
  connectionTimeout: 2000,
  requestTimeout: HANGING_CALL_SECONDS * 1000,
  throwOnRequestTimeout: true,
};

export const athenaClient = once(() => new AthenaClient({ requestHandler }));
export const firehoseClient = once(() => new FirehoseClient({ requestHandler }));
export const kinesisClient = once(() => new KinesisClient({ requestHandler }));
export const s3Client = once(() => new S3Client({ requestHandler }));
export const secretsManagerClient = once(() => new SecretsManagerClient({ requestHandler }));
export const stepFunctionsClient = once(() => new SFNClient({ requestHandler }));
export const snsClient = once(() => new SNSClient({ requestHandler }));

/** Undefined fields are left out of items; a missing field and an absent one are the same to every reader. */
export const dynamoDb = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler }), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
