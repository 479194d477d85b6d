/** The SDK's clients of the functions under test: each has a stand-in, whose calls models answer below the SDK's retry layer. */
import * as athenaSdk from '@aws-sdk/client-athena';
import * as dynamodbSdk from '@aws-sdk/client-dynamodb';
import * as firehoseSdk from '@aws-sdk/client-firehose';
import * as kinesisSdk from '@aws-sdk/client-kinesis';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as secretsManagerSdk from '@aws-sdk/client-secrets-manager';
import * as sfnSdk from '@aws-sdk/client-sfn';
import * as snsSdk from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { type Answer, localSdk, warmUp } from '../infra/local/engine/sdk.ts';
import type { Payload } from '../infra/local/engine/service.ts';

type ClientClass = { new (settings: object): Client; prototype: Client };
type Client = { send(command: Command): Promise<Payload>; config: Payload };
/** A command of the SDK. */
export type Command = { constructor: { name: string }; input: Payload };
/** Has the models answer a command. */
export type Send = () => Promise<Payload>;

/** What the stand-ins are answered: by whoever asked for it last. */
let models: Answer;
const standInOf = (service: string, sdk: object, name: string): Client =>
  new (localSdk(service, { ...sdk }, (...call) => models(...call))[name] as ClientClass)({});

const plain: [service: string, sdk: Record<string, unknown>, clientName: string][] = [
  ['athena', { ...athenaSdk }, 'AthenaClient'],
  ['firehose', { ...firehoseSdk }, 'FirehoseClient'],
  ['kinesis', { ...kinesisSdk }, 'KinesisClient'],
  ['s3', { ...s3Sdk }, 'S3Client'],
  ['secrets-manager', { ...secretsManagerSdk }, 'SecretsManagerClient'],
  ['sfn', { ...sfnSdk }, 'SFNClient'],
  ['sns', { ...snsSdk }, 'SNSClient'],
];
const table = standInOf('dynamodb', dynamodbSdk, 'DynamoDBClient');
const documents = new WeakMap<Client, Client>();

/** A document client with the settings of the one that it stands in for. */
function documentsOf(real: Client): Client {
  const known = documents.get(real);
  if (known) return known;
  const made = DynamoDBDocumentClient.from(table as never, real.config.translateConfig) as unknown as Client;
  documents.set(real, made);
  return made;
}

const clients: { Real: ClientClass; standIn(real: Client): Client }[] = [
  { Real: DynamoDBDocumentClient as unknown as ClientClass, standIn: documentsOf },
  ...plain.map(([service, sdk, name]) => {
    const client = standInOf(service, sdk, name);
    return { Real: sdk[name] as ClientClass, standIn: () => client };
  }),
];
/** The SDK's own `send`, with which a stand-in does what a client does. */
const { send } = Object.getPrototypeOf(dynamodbSdk.DynamoDBClient.prototype) as Client;

await warmUp({ ...s3Sdk });

/** From here on a client's command goes to `answer`, and from there on, if it likes, to the models. */
export function answerClients(
  from: Answer,
  answer: (command: Command, send: Send) => Promise<Payload>,
): void {
  models = from;
  for (const { Real, standIn } of clients)
    vi.spyOn(Real.prototype, 'send').mockImplementation(function (this: Client, command) {
      return answer(command, () => send.call(standIn(this), command));
    });
}
