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
import { AwsError } from '../../engine/aws-error.ts';
import { matches } from '../../engine/policy.ts';
import { type Account, resource, type Service } from '../../engine/service.ts';
import { invokeLater } from './asynchronous.ts';
import { invoker, type LambdaFunction, type LogLine, maximumPayloadBytes } from './invocation.ts';
import { eventInvokeConfigProperties, functionProperties, permissionProperties } from './properties.ts';

export type LambdaService = Service & {
  roleOf(functionName: string): string;
  /** True when a resource policy lets the AWS service invoke the function, for that source. */
  isPermitted(functionName: string, principal: string, sourceArn: string): boolean;
  /** Every log line that functions wrote, oldest first. */
  readonly logs: LogLine[];
};

/** `bundles` is the folder of the synthesized assembly, where `asset.<hash>` holds what the template calls `<hash>.zip`. */
export function lambda(account: Account, bundles: string): LambdaService {
  const functions = new Map<string, LambdaFunction>();
  const permissions: { functionName: string; principal: string; sourceArn: string }[] = [];
  const logs: LogLine[] = [];
  const invoke = invoker(account, logs);

  const nameOf = (reference: string) => /function:([^:]+)/.exec(reference)?.[1] ?? reference;

  function find(reference: string): LambdaFunction {
    const found = functions.get(nameOf(reference));
    if (!found) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`);
    return found;
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
          matches(permission.sourceArn, sourceArn),
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
          void invokeLater(account, invoke, fn, payload);
          return { StatusCode: 202 };
        },
      },
    },
    resources: {
      'AWS::Lambda::Function': resource(functionProperties, ({ properties }) => {
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
      }),
      'AWS::Lambda::EventInvokeConfig': resource(eventInvokeConfigProperties, ({ logicalId, properties }) => {
        const fn = find(properties.FunctionName);
        fn.eventAgeSeconds = properties.MaximumEventAgeInSeconds;
        fn.failureQueueArn = properties.DestinationConfig.OnFailure.Destination;
        return { ref: logicalId };
      }),
      'AWS::Lambda::Permission': resource(permissionProperties, ({ logicalId, properties }) => {
        permissions.push({
          functionName: nameOf(properties.FunctionName),
          principal: properties.Principal,
          sourceArn: properties.SourceArn ?? '*',
        });
        return { ref: logicalId };
      }),
    },
  };
}
