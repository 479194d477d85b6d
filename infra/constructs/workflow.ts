/** The one way a state machine is made: the raw definition from workflows/, its placeholders bound, and a log of its steps. */
import { readFileSync } from 'node:fs';
import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';
import { logRetention } from './foundation.ts';
import { checkPlaceholders } from './workflow-placeholders.ts';

/** The state machine of `workflows/<name>.asl.json`. */
export function workflow(
  scope: Construct,
  { stage, encryption }: Foundation,
  id: string,
  name: string,
  placeholders: Record<string, string>,
  may: readonly PolicyStatement[],
): StateMachine {
  const file = `workflows/${name}.asl.json`;
  const definition = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  checkPlaceholders(file, definition, Object.keys(placeholders));
  const stateMachineName = `vigil-${stage.name}-${name}`;
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('states.amazonaws.com', {
      // By its name: a reference would need the machine before its role.
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnEquals: {
          'aws:SourceArn': Stack.of(scope).formatArn({
            service: 'states',
            resource: 'stateMachine',
            resourceName: stateMachineName,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  });
  for (const statement of may) role.addToPolicy(statement);
  return new StateMachine(scope, id, {
    stateMachineName,
    // In the template itself, not in an asset: what is reviewed is what runs.
    definitionBody: DefinitionBody.fromString(definition),
    definitionSubstitutions: placeholders,
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, `${id}Log`, {
        // The prefix under which CloudWatch needs no resource policy of growing length for logs that services deliver.
        logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
        retention: logRetention,
        encryptionKey: encryption.data,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
}
