/** The one way a state machine is made: the raw definition from workflows/, its placeholders bound, and a log of its steps. */
import { readFileSync } from 'node:fs';
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { encryptedLog } from './encrypted-log.ts';
import type { Foundation } from './foundation.ts';
import { pascalCase } from './function.ts';
import { allow } from './permissions.ts';
import { checkPlaceholders } from './workflow-placeholders.ts';

type WorkflowSettings = {
  /** By the names of their entries; the definition calls them by `${OpenAlertFunctionArn}` and the like. */
  functions: Record<string, IFunction>;
  /** What else the definition names. */
  placeholders?: Record<string, string>;
  /** What it calls beside its functions. */
  may?: readonly PolicyStatement[];
};

/** The state machine of `workflows/<name>.asl.json`. */
export function workflow(
  scope: Construct,
  foundation: Foundation,
  id: string,
  name: string,
  settings: WorkflowSettings,
): StateMachine {
  const { functions, placeholders: others = {}, may = [] } = settings;
  const arns = Object.entries(functions).map(([entry, fn]) => [
    `${pascalCase(entry)}FunctionArn`,
    fn.functionArn,
  ]);
  const placeholders: Record<string, string> = { ...Object.fromEntries(arns), ...others };
  const file = `workflows/${name}.asl.json`;
  const definition = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  checkPlaceholders(file, definition, Object.keys(placeholders));
  const stateMachineName = `vigil-${foundation.stage.name}-${name}`;
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
  role.addToPolicy(allow(['lambda:InvokeFunction'], ...Object.values(functions).map((fn) => fn.functionArn)));
  for (const statement of may) role.addToPolicy(statement);
  return new StateMachine(scope, id, {
    stateMachineName,
    // In the template itself, not in an asset: what is reviewed is what runs.
    definitionBody: DefinitionBody.fromString(definition),
    definitionSubstitutions: placeholders,
    role,
    tracingEnabled: true,
    logs: {
      // The prefix under which CloudWatch needs no resource policy of growing length for logs that services deliver.
      destination: encryptedLog(scope, foundation, `${id}Log`, `/aws/vendedlogs/states/${stateMachineName}`),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
}
