/** One invocation: an instance that is idle or new handles it, within the function's limits, unless it dies of them. */
import { AwsError } from '../../engine/aws-error.ts';
import { type Instance, newInstance } from '../../engine/sandbox.ts';
import type { Account, Caller, Payload } from '../../engine/service.ts';

export const maximumPayloadBytes = 6 * 1024 * 1024;

/** An instance, and how the invocation that it handles dies. What is dead is never idle again, whatever of it still ends. */
type Running = Instance & { dead: boolean; crash: () => void };

export type LambdaFunction = {
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

export type LogLine = { at: number; functionName: string; line: string };

export type Invoke = (fn: LambdaFunction, payload: string) => Promise<Payload>;

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

function kill(fn: LambdaFunction, instance: Running): void {
  instance.kill();
  instance.dead = true;
  fn.idle = fn.idle.filter((other) => other !== instance);
}

/** What runs functions; every line that they write is put behind `logs`. */
export function invoker(account: Account, logs: LogLine[]): Invoke {
  const random = account.random('lambda');
  let invocations = 0;

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

  return async (fn, payload) => {
    if (fn.running >= fn.reserved) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.');
    fn.running++;
    try {
      return await run(fn, payload);
    } finally {
      fn.running--;
    }
  };
}
