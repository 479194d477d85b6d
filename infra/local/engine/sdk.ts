/**
 * Where the real AWS SDK v3 meets the local account: a middleware right below the SDK's retry layer answers instead of
 * the network, and failures are the SDK's own exception classes, so that retries and throttling are the SDK's own.
 */
import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AwsError } from './aws-error.ts';
import type { Payload } from './service.ts';

/** One AWS call as the middleware hands it over. */
export type Answer = (service: string, operation: string, input: Payload) => Promise<Payload>;

type SdkModule = Record<string, unknown>;
type MiddlewareStack = {
  add(...args: unknown[]): void;
  addRelativeTo(...args: unknown[]): void;
  remove(name: string): boolean;
  concat(other: MiddlewareStack): MiddlewareStack;
};
type ExceptionClass = new (options: Record<string, unknown>) => Error;

/** Throttles and faults that AWS sends with a 5xx status; everything else is the client's fault. */
const serverFaults = /^(Internal|ServiceUnavailable|ServiceException)/;

/** The class of a service's errors that the SDK has no class of their own for. */
function baseException(sdk: SdkModule): ExceptionClass {
  const name = Object.keys(sdk).find((candidate) => /^[A-Z][A-Za-z0-9]*ServiceException$/.test(candidate));
  return sdk[name as string] as ExceptionClass;
}

function asSdkException(sdk: SdkModule, base: ExceptionClass, error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const server = serverFaults.test(error.name);
  const options = {
    name: error.name,
    $fault: server ? 'server' : 'client',
    message: error.message,
    $metadata: { httpStatusCode: server ? 500 : 400, attempts: 1 },
    ...error.details,
  };
  const known = (sdk[error.name] as ExceptionClass | undefined) ?? base;
  return Object.assign(new known(options), error.details);
}

/** What only prepares an HTTP request, or reads its answer: nothing is sent, and it is most of what a call costs. */
const requestOnly = [
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'contentLengthMiddleware',
  'loggerMiddleware',
  'httpAuthSchemeMiddleware',
  'regionRedirectEndpointMiddleware',
  'endpointV2Middleware',
  'bucketEndpointMiddleware',
  'flexibleChecksumsInputMiddleware',
  'addExpectContinueMiddleware',
  's3ExpressMiddleware',
  'flexibleChecksumsMiddleware',
  'httpSigningMiddleware',
];

/** Few calls, whose texts are people's: the SDK writes them down, and refuses what has no encoding, as on AWS. */
const isWritten = (service: string) => service === 'sns';

/** Writes no request; the document client's own middleware stands before the one of this name. */
const serializer = { step: 'serialize', name: 'serializerMiddleware', override: true };
const writesNothing = (next: (args: object) => unknown) => (args: object) => next(args);

/** A call's middleware is put together from the client's and the command's: what of either only serves the request stays out. */
function withoutRequest(service: string, stack: MiddlewareStack): MiddlewareStack {
  for (const name of requestOnly) stack.remove(name);
  if (!isWritten(service)) stack.add(writesNothing, serializer);
  const concat = stack.concat.bind(stack);
  stack.concat = (other) => withoutRequest(service, concat(other));
  return stack;
}

/** Operations whose idempotency token the SDK makes up by itself, once a call, while it writes the request. */
const tokenOperations = new Set(['TransactWriteItems', 'StartQueryExecution']);

function withClientToken(operation: string, input: Payload): Payload {
  if (!tokenOperations.has(operation) || input.ClientRequestToken !== undefined) return input;
  return { ...input, ClientRequestToken: randomUUID() };
}

type Context = { commandName: string; __aws_sdk_context?: { features?: Record<string, string> } };

const operationOf = ({ commandName }: Context) => commandName.replace(/Command$/, '');

/** The document client's own unmarshalling stands below the answer, so its part is done here, with its own function. */
function asDocuments(context: Context, output: Payload): Payload {
  if (!context.__aws_sdk_context?.features?.DDB_MAPPER) return output;
  const { Item, Attributes, Items, LastEvaluatedKey, ...rest } = output;
  return {
    ...rest,
    ...(Item && { Item: unmarshall(Item) }),
    ...(Attributes && { Attributes: unmarshall(Attributes) }),
    ...(Items && { Items: Items.map((item: Payload) => unmarshall(item)) }),
    ...(LastEvaluatedKey && { LastEvaluatedKey: unmarshall(LastEvaluatedKey) }),
  };
}

/** The SDK package as a handler sees it: its client class answers from the account. */
export function localSdk(service: string, sdk: SdkModule, answer: Answer): SdkModule {
  const [clientName, RealClient] = Object.entries(sdk).find(
    ([name, value]) =>
      /^[A-Za-z0-9]+Client$/.test(name) && name !== '__Client' && typeof value === 'function',
  ) as [string, new (config: object) => { middlewareStack: MiddlewareStack }];
  const base = baseException(sdk);
  const middleware =
    (_next: unknown, context: Context) =>
    async ({ input }: { input: Payload }) => {
      try {
        const output = await answer(service, operationOf(context), input);
        return {
          response: {},
          output: { $metadata: { httpStatusCode: 200, attempts: 1 }, ...asDocuments(context, output) },
        };
      } catch (error) {
        throw asSdkException(sdk, base, error);
      }
    };
  const token = (next: (args: object) => unknown, context: Context) => (args: { input: Payload }) =>
    next({ ...args, input: withClientToken(operationOf(context), args.input) });
  class LocalClient extends RealClient {
    constructor(config: object = {}) {
      super({
        ...config,
        region: 'eu-west-2',
        // The document client's commands keep their input in what would be kept.
        cacheMiddleware: service !== 'dynamodb',
        // Known beforehand, so that no rule set has to be evaluated for each call.
        endpoint: 'https://local.invalid',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        requestHandler: {
          handle: () => Promise.reject(new Error('The local account has no network')),
          metadata: { handlerProtocol: 'http/1.1' },
        },
      });
      withoutRequest(service, this.middlewareStack);
      this.middlewareStack.add(token, { step: 'initialize', name: 'idempotencyToken' });
      this.middlewareStack.addRelativeTo(middleware, {
        relation: 'after',
        toMiddleware: 'retryMiddleware',
        name: 'localAccount',
        override: true,
      });
    }
  }
  return { ...sdk, [clientName]: LocalClient };
}

/**
 * The SDK's first call in a process reads the user's AWS files, in real time, and remembers them. Made before the clock
 * runs, and of no file: neither when they come nor what they say may change a run.
 */
export async function warmUp(sdk: SdkModule): Promise<void> {
  // A setting of whoever runs it, attempts or retry mode, say, would make another run of the same seed.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env.AWS_CONFIG_FILE = devNull;
  process.env.AWS_SHARED_CREDENTIALS_FILE = devNull;
  const local = localSdk('s3', sdk, async () => ({})) as Record<string, new (input: object) => Payload>;
  const { S3Client, ListBucketsCommand } = local;
  if (!S3Client || !ListBucketsCommand) throw new Error('The SDK is warmed up with the package of S3');
  await new S3Client({}).send(new ListBucketsCommand({}));
}
