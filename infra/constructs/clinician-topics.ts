/** The names of the clinicians' mail topics. */
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Clinicians' topics are made from the roster, not by the template; a topic's name is this and the clinician's id. */
export function clinicianTopicArnPrefix(scope: Construct): string {
  const stack = Stack.of(scope);
  return stack.formatArn({ service: 'sns', resource: `${stack.stackName}-clinician-` });
}
