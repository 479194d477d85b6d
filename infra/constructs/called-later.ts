/** A function that a schedule, a rule or an alarm calls without waiting for its answer: what is given up is kept, and told. */
import { CfnEventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';
import { allow } from './permissions.ts';

/**
 * Lambda calls the function three times when it fails, and for as long as `triesForSeconds` when there is no room for it; then
 * the event goes to the queue of what could not be delivered.
 */
export function keepUndelivered(
  scope: Construct,
  { operations }: Pick<Foundation, 'operations'>,
  id: string,
  target: IFunction,
  triesForSeconds: number,
): void {
  target.addToRolePolicy(allow(['sqs:SendMessage'], operations.undelivered.queueArn));
  new CfnEventInvokeConfig(scope, `${id}Undelivered`, {
    functionName: target.functionName,
    qualifier: '$LATEST',
    maximumEventAgeInSeconds: triesForSeconds,
    destinationConfig: { onFailure: { destination: operations.undelivered.queueArn } },
  });
}
