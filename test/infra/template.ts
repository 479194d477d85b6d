/** The synthesized templates, as these tests read them: with all that a deployment may be given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../infra/build/synthesize.ts';
import { type StageName, stageNames } from '../../infra/config.ts';
import { localContext } from '../../infra/local/account/vigil.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shapes, different for every resource type
type Properties = any;
export type Resource = { Type: string; Properties: Properties; DependsOn?: string[] };
export type Statement = {
  Action: string | string[];
  Resource: unknown;
  Effect: string;
  Condition?: Record<string, Record<string, unknown>>;
};

export const templates = Object.fromEntries(
  await Promise.all(
    stageNames.map(async (stage) => [stage, (await synthesize(stage, localContext)).template]),
  ),
) as Record<StageName, { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> }>;

const { assemblyDirectory } = await synthesize('demo', localContext);

/** The resources of one type in the demo stage, by logical id. */
export function resources(type: string, stage: StageName = 'demo'): [string, Properties][] {
  return Object.entries(templates[stage].Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => [id, resource.Properties]);
}

/** The functions of the demo stage, by the name of their entry. */
export function functions(): [string, Properties][] {
  return resources('AWS::Lambda::Function').map(([, properties]) => [
    properties.FunctionName.replace('vigil-demo-', ''),
    properties,
  ]);
}

/** What a function's role may do. */
export function statementsOf(roleLogicalId: string): Statement[] {
  return resources('AWS::IAM::Policy')
    .filter(([, policy]) => policy.Roles.some((role: { Ref: string }) => role.Ref === roleLogicalId))
    .flatMap(([, policy]) => policy.PolicyDocument.Statement);
}

export function actionsOf(statement: Statement): string[] {
  return [statement.Action].flat();
}

/** The code that is deployed for a function. */
export function bundleOf(properties: Properties): string {
  const asset = `asset.${properties.Code.S3Key.replace('.zip', '')}`;
  return readFileSync(join(assemblyDirectory, asset, 'index.js'), 'utf8');
}
