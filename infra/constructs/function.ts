/** The one way a Lambda function is made: its own role with what its handler calls, its own encrypted log, tracing. */
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { encryptedLog } from './encrypted-log.ts';
import type { Foundation } from './foundation.ts';
import { allow } from './permissions.ts';

export type FunctionSettings = {
  /** What it is for, as the console shows it. */
  description: string;
  /** CPU comes in proportion: 1,769 MiB are one vCPU. */
  memoryMiB: number;
  timeoutSeconds: number;
  /** A ceiling, and a share of the account's concurrency that is kept for it; 0 is neither. */
  reservedConcurrency?: number;
  environment: Record<string, string>;
  /** Exactly the calls that the handler makes; logs and traces are added. */
  may: readonly PolicyStatement[];
};

/** `consume-readings` as CloudFormation and the workflows' placeholders spell it: `ConsumeReadings`. */
export function pascalCase(entry: string): string {
  return entry.replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The function of `handlers/<entry>.ts`. */
export function lambdaFunction(
  scope: Construct,
  foundation: Foundation,
  entry: string,
  settings: FunctionSettings,
): LambdaFunction {
  const { stage, bundles } = foundation;
  const id = pascalCase(entry);
  const functionName = `vigil-${stage.name}-${entry}`;
  const logGroup = encryptedLog(scope, foundation, `${id}Log`, `/aws/lambda/${functionName}`);
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn));
  for (const statement of settings.may) role.addToPolicy(statement);
  return new LambdaFunction(scope, id, {
    functionName,
    description: settings.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(join(bundles, entry)),
    memorySize: settings.memoryMiB,
    timeout: Duration.seconds(settings.timeoutSeconds),
    ...(settings.reservedConcurrency && { reservedConcurrentExecutions: settings.reservedConcurrency }),
    // Logs and metrics carry the stage, so that two stages of one account are told apart.
    environment: { ...settings.environment, POWERTOOLS_SERVICE_NAME: `vigil-${stage.name}` },
    role,
    logGroup,
    tracing: Tracing.ACTIVE,
  });
}
