/**
 * AWS Lambda, as this template uses it.
 *
 * - An instance handles one invocation at a time and is reused; when all are busy a new one starts (cold start).
 *   https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 * - `Invoke` RequestResponse answers 200 even when the handler throws: `FunctionError` is set and the payload carries
 *   errorType and errorMessage. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * - After `Timeout` seconds the instance is ended: `Sandbox.Timedout`, and nothing of the invocation goes on.
 *   https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 * - An instance that dies fails its invocation as `Runtime.ExitError`, and is not used again.
 *   https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * - `Event` invocations answer 202 at once and are tried three times (waits of one and two minutes). One that finds no room
 *   is tried until it does, with waits from a second to five minutes. Nothing is tried that is older than
 *   MaximumEventAgeInSeconds. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 * - What is given up goes to the on-failure destination, with the function's role.
 *   https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * - Other services invoke by a resource policy (AWS::Lambda::Permission) or by a role with lambda:InvokeFunction.
 *   https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 * - As many invocations run at once as are reserved for the function; another is refused as TooManyRequestsException.
 *   https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 * - A synchronous payload is 6 MB at most, the request's and the response's. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { deliver } from '../engine/delivery.ts';
import { inert } from '../engine/inert.ts';
import { type Instance, newInstance } from '../engine/sandbox.ts';
import type { Account, Caller, Payload, Service } from '../engine/service.ts';
import { deadLetter } from './sqs.ts';

const maximumPayloadBytes = 6 * 1024 * 1024;

/** An instance, and how the invocation that it handles dies. What is dead is never idle again, whatever of it still ends. */
type Running = Instance & { dead: boolean; crash: () => void };

type LambdaFunction = {
  name: string;
  arn: string;
  roleArn: string;
  bundlePath: string;
  environment: Record<string, string>;
  timeoutMs: number;
  idle: Running[];
  /** How many invocations are under way, and how many may be. */
  running: number;
  reserved: number;
  /** For how long an event is tried, and where it goes then. */
  eventAgeSeconds: number;
  failureQueueArn?: string;
};

export type LambdaService = Service & {
  roleOf(functionName: string): string;
  /** True when a resource policy lets the AWS service invoke the function, for that source. */
  isPermitted(functionName: string, principal: string, sourceArn: string): boolean;
  /** Every log line that functions wrote, oldest first. */
  readonly logs: { at: number; functionName: string; line: string }[];
};

const functionProperties = z.strictObject({
  FunctionName: z.string(),
  Description: inert('prose', z.string().optional()),
  Handler: z.literal('index.handler'),
  Runtime: z.literal('nodejs24.x'),
  Architectures: inert('the bundle is JavaScript', z.array(z.string()).optional()),
  Code: z.strictObject({
    S3Bucket: inert('the bundle is read where synth put it', z.string()),
    S3Key: z.string().regex(/^[0-9a-f]+\.zip$/),
  }),
  Role: z.string(),
  MemorySize: z.number().optional(),
  Timeout: z.number(),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  LoggingConfig: inert('lines stay in memory', z.strictObject({ LogGroup: z.string() }).optional()),
  TracingConfig: inert('nothing is traced here', z.strictObject({ Mode: z.string() }).optional()),
});

const eventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumEventAgeInSeconds: z.number().min(60).max(21_600),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }),
});

const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

function arnMatches(pattern: string, arn: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${source}$`).test(arn);
}

/** `bundles` is the folder of the synthesized assembly, where `asset.<hash>` holds what the template calls `<hash>.zip`. */
export function lambda(account: Account, bundles: string): LambdaService {
  const functions = new Map<string, LambdaFunction>();
  const permissions: { functionName: string; principal: string; sourceArn: string }[] = [];
  const logs: { at: number; functionName: string; line: string }[] = [];
  const random = account.random('lambda');
  let invocations = 0;

  const nameOf = (reference: string) => /function:([^:]+)/.exec(reference)?.[1] ?? reference;

  function find(reference: string): LambdaFunction {
    const found = functions.get(nameOf(reference));
    if (!found) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`);
    return found;
  }

  function start(fn: LambdaFunction): Running {
    const caller: Caller = { name: fn.name, roleArn: fn.roleArn };
    const running: Running = {
      ...newInstance(
        fn.bundlePath,
        fn.environment,
        async (service, operation, input) => {
          const call = `${service}:${operation}`;
          if (account.faults.strikes('crash before the call', call, fn.name)) running.crash();
          else {
            const output = await account.call(caller, service, operation, input);
            if (!account.faults.strikes('crash after the call', call, fn.name)) return output;
            running.crash();
          }
        },
        (line) => logs.push({ at: account.clock.now(), functionName: fn.name, line }),
      ),
      dead: false,
      crash: () => {},
    };
    return running;
  }

  function kill(fn: LambdaFunction, instance: Running): void {
    instance.kill();
    instance.dead = true;
    fn.idle = fn.idle.filter((other) => other !== instance);
  }

  function failure(errorType: string, errorMessage: string): Payload {
    return {
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: JSON.stringify({ errorType, errorMessage, trace: [] }),
    };
  }

  function answered(payload: string): Payload {
    if (Buffer.byteLength(payload) <= maximumPayloadBytes)
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload };
    const message = 'Response payload size exceeded maximum allowed payload size (6291556 bytes).';
    return failure('Function.ResponseSizeTooLarge', message);
  }

  async function invoke(fn: LambdaFunction, payload: string): Promise<Payload> {
    if (fn.running >= fn.reserved) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.');
    fn.running++;
    try {
      return await run(fn, payload);
    } finally {
      fn.running--;
    }
  }

  async function run(fn: LambdaFunction, payload: string): Promise<Payload> {
    const deadline = account.clock.now() + fn.timeoutMs;
    const awsRequestId = `request-${++invocations}`;
    const warm = fn.idle.pop();
    // Measured cold starts of small Node bundles are a few hundred milliseconds; warm ones a few.
    await account.clock.sleep(warm ? 1 + random.below(5) : 150 + random.below(250));
    const instance = warm ?? start(fn);
    const context = {
      functionName: fn.name,
      invokedFunctionArn: fn.arn,
      awsRequestId,
      getRemainingTimeInMillis: () => deadline - account.clock.now(),
    };
    let timer = { cancel: () => {} };
    const timedOut = new Promise<Payload>((resolve) => {
      timer = account.clock.at(deadline, () => {
        kill(fn, instance);
        resolve(
          failure(
            'Sandbox.Timedout',
            `${awsRequestId} Task timed out after ${fn.timeoutMs / 1000}.00 seconds`,
          ),
        );
      });
    });
    const crashed = new Promise<Payload>((resolve) => {
      instance.crash = () => {
        kill(fn, instance);
        resolve(failure('Runtime.ExitError', `RequestId: ${awsRequestId} Error: Runtime exited with error`));
      };
    });
    const handled = instance.handler(JSON.parse(payload), context).then(
      (result: Payload) => answered(JSON.stringify(result ?? null)),
      (error: Error) => failure(error?.name ?? 'Error', error?.message ?? String(error)),
    );
    handled.then(() => {
      if (!instance.dead) fn.idle.push(instance);
    });
    const result = await Promise.race([handled, timedOut, crashed]);
    timer.cancel();
    if (result.FunctionError)
      account.record({
        source: 'lambda',
        what: 'function error',
        function: fn.name,
        error: JSON.parse(result.Payload).errorType,
      });
    return result;
  }

  /** Asynchronous invocation: up to three attempts. */
  async function invokeLater(fn: LambdaFunction, payload: string): Promise<void> {
    const tooOldAt = account.clock.now() + fn.eventAgeSeconds * 1000;
    const attempts = Number.POSITIVE_INFINITY;
    const answers: Payload[] = [];
    for (const waitMs of [0, 60_000, 120_000]) {
      if (account.clock.now() + waitMs >= tooOldAt) break;
      await account.clock.sleep(waitMs);
      const invokes = async () => void answers.push(await invoke(fn, payload));
      const seconds = (tooOldAt - account.clock.now()) / 1000;
      if (await deliver(account.clock, invokes, { attempts, seconds })) break;
      if (!answers.at(-1).FunctionError) return;
    }
    if (fn.failureQueueArn) await bury(fn, fn.failureQueueArn, payload, answers);
  }

  async function bury(
    { name, arn, roleArn }: LambdaFunction,
    queueArn: string,
    payload: string,
    answers: Payload[],
  ): Promise<void> {
    const last = answers.at(-1);
    const body = {
      version: '1.0',
      timestamp: new Date(account.clock.now()).toISOString(),
      requestContext: {
        functionArn: `${arn}:$LATEST`,
        condition: answers.length === 3 ? 'RetriesExhausted' : 'EventAgeExceeded',
        approximateInvokeCount: answers.length,
      },
      requestPayload: JSON.parse(payload),
      ...(last && {
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: last.FunctionError },
        responsePayload: JSON.parse(last.Payload),
      }),
    };
    // A queue that refuses it is the end of it; the event log has the refusal.
    await account
      .call({ name, roleArn }, 'sqs', 'SendMessage', deadLetter(queueArn, JSON.stringify(body), {}))
      .catch(() => undefined);
  }

  return {
    id: 'lambda',
    logs,
    roleOf: (functionName) => find(functionName).roleArn,
    isPermitted: (functionName, principal, sourceArn) =>
      permissions.some(
        (permission) =>
          permission.functionName === nameOf(functionName) &&
          permission.principal === principal &&
          arnMatches(permission.sourceArn, sourceArn),
      ),
    operations: {
      Invoke: {
        options: ['FunctionName', 'InvocationType', 'Payload'],
        permissions: (input) => [{ action: 'lambda:InvokeFunction', resource: find(input.FunctionName).arn }],
        async run(input) {
          const fn = find(input.FunctionName);
          const payload =
            typeof input.Payload === 'string'
              ? input.Payload
              : Buffer.from(input.Payload ?? 'null').toString();
          if (Buffer.byteLength(payload) > maximumPayloadBytes)
            throw new AwsError('RequestTooLargeException', 'Request must be smaller than 6291456 bytes');
          if (input.InvocationType !== 'Event') return invoke(fn, payload);
          void invokeLater(fn, payload);
          return { StatusCode: 202 };
        },
      },
    },
    resources: {
      'AWS::Lambda::Function': {
        properties: functionProperties,
        create({ properties }: { properties: z.infer<typeof functionProperties> }) {
          const name = properties.FunctionName;
          const arn = `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}`;
          functions.set(name, {
            name,
            arn,
            roleArn: properties.Role,
            bundlePath: join(bundles, `asset.${properties.Code.S3Key.replace(/\.zip$/, '')}`, 'index.js'),
            environment: {
              AWS_REGION: account.region,
              AWS_LAMBDA_FUNCTION_NAME: name,
              AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize ?? 128),
              ...properties.Environment?.Variables,
            },
            timeoutMs: properties.Timeout * 1000,
            idle: [],
            running: 0,
            reserved: properties.ReservedConcurrentExecutions ?? Number.POSITIVE_INFINITY,
            eventAgeSeconds: 21_600,
          });
          return { ref: name, attributes: { Arn: arn } };
        },
      },
      'AWS::Lambda::EventInvokeConfig': {
        properties: eventInvokeConfigProperties,
        create({
          logicalId,
          properties,
        }: {
          logicalId: string;
          properties: z.infer<typeof eventInvokeConfigProperties>;
        }) {
          const fn = find(properties.FunctionName);
          fn.eventAgeSeconds = properties.MaximumEventAgeInSeconds;
          fn.failureQueueArn = properties.DestinationConfig.OnFailure.Destination;
          return { ref: logicalId };
        },
      },
      'AWS::Lambda::Permission': {
        properties: permissionProperties,
        create({
          logicalId,
          properties,
        }: {
          logicalId: string;
          properties: z.infer<typeof permissionProperties>;
        }) {
          permissions.push({
            functionName: nameOf(properties.FunctionName),
            principal: properties.Principal,
            sourceArn: properties.SourceArn ?? '*',
          });
          return { ref: logicalId };
        },
      },
    },
  };
}
