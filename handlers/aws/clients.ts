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

function once<T>(build: () => T): () => T {
  let built: T | undefined;
  return () => (built ??= build());
}

export const athena = once(() => new AthenaClient());
export const firehose = once(() => new FirehoseClient());
export const kinesis = once(() => new KinesisClient());
export const s3 = once(() => new S3Client());
export const secretsManager = once(() => new SecretsManagerClient());
export const stepFunctions = once(() => new SFNClient());
export const sns = once(() => new SNSClient());

/** Undefined fields are left out of items; a missing field and an absent one are the same to every reader. */
export const dynamoDb = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient(), { marshallOptions: { removeUndefinedValues: true } }),
);
