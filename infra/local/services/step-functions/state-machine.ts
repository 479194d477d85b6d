/**
 * AWS::StepFunctions::StateMachine: the definition with its placeholders bound, checked before anything runs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
 */
import { z } from 'zod';
import type { IamService } from '../../engine/iam.ts';
import { inert } from '../../engine/inert.ts';
import { type Account, type ResourceModel, resource } from '../../engine/service.ts';
import { DefinitionError, parseDefinition } from './parse-definition.ts';
import type { StateMachine } from './visit.ts';

const stateMachineProperties = z.strictObject({
  StateMachineName: z.string().max(80),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  RoleArn: z.string(),
  LoggingConfiguration: inert(
    'the history is the log here',
    z
      .strictObject({
        Destinations: z
          .array(z.strictObject({ CloudWatchLogsLogGroup: z.strictObject({ LogGroupArn: z.string() }) }))
          .optional(),
        IncludeExecutionData: z.boolean().optional(),
        Level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).optional(),
      })
      .optional(),
  ),
  TracingConfiguration: inert('nothing is traced here', z.strictObject({ Enabled: z.boolean() }).optional()),
});

/** The definition with every `${Name}` replaced; one that nothing is bound to is an error. */
function substitute(text: string, values: Record<string, string | number | boolean>): string {
  return text.replace(/\$\{([^}]*)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new DefinitionError(`${placeholder} is bound to nothing`);
    return JSON.stringify(String(value)).slice(1, -1);
  });
}

/** The resource type; what it creates is put into `machines` by ARN. */
export function stateMachineModel(account: Account, machines: Map<string, StateMachine>): ResourceModel {
  return resource(stateMachineProperties, ({ logicalId, properties }) => {
    const { StateMachineName: name, RoleArn: roleArn } = properties;
    const arn = `arn:aws:states:${account.region}:${account.accountId}:stateMachine:${name}`;
    if (!account.service<IamService>('iam').trusts(roleArn, 'states.amazonaws.com', arn))
      throw new DefinitionError(`${logicalId}: its role must let Step Functions assume it for ${arn}`);
    try {
      const text = substitute(properties.DefinitionString, properties.DefinitionSubstitutions ?? {});
      machines.set(arn, { arn, name, roleArn, definition: parseDefinition(text) });
    } catch (error) {
      throw new DefinitionError(`${logicalId}: ${(error as Error).message}`);
    }
    return { ref: arn, attributes: { Arn: arn, Name: name } };
  });
}
