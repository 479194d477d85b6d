/**
 * Reads a synthesized CloudFormation template: resolves its intrinsic functions and creates its resources in the order
 * in which they need each other. What is neither modelled nor listed as inert is an error, never ignored.
 */
import { z } from 'zod';
import type { CreatedResource, Payload, ResourceModel } from '../engine/service.ts';

export type Template = {
  Resources: Record<string, { Type: string; Properties?: Payload }>;
  Outputs?: Record<string, { Value: Payload }>;
  Parameters?: Record<string, { Default?: string }>;
};

/**
 * What a resource may say beside its properties. Every resource is there before anything runs, whatever depends on what, and
 * none is ever replaced or deleted.
 */
const attributes = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy'];
const sections = ['Description', 'Parameters', 'Resources', 'Outputs'];

export type Surroundings = {
  accountId: string;
  region: string;
  model(type: string): ResourceModel | undefined;
  /** Resource types that have no behaviour here, each listed with its reason. */
  isInert(type: string): boolean;
};

class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Creates every resource of the template; gives what `Ref` and `Fn::GetAtt` would, and the outputs. */
export function createResources(template: Template, surroundings: Surroundings) {
  const created = new Map<string, CreatedResource>();
  const underWay = new Set<string>();
  const pseudo: Record<string, string> = {
    'AWS::AccountId': surroundings.accountId,
    'AWS::Region': surroundings.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'vigil-local',
    'AWS::StackId': `arn:aws:cloudformation:${surroundings.region}:${surroundings.accountId}:stack/vigil-local/1`,
  };

  function create(logicalId: string): CreatedResource {
    const known = created.get(logicalId);
    if (known) return known;
    const resource = template.Resources[logicalId];
    if (!resource) throw new TemplateError(`${logicalId}: the template refers to it but does not define it`);
    if (underWay.has(logicalId))
      throw new TemplateError(`${logicalId}: the template refers to it in a circle`);
    const unknown = Object.keys(resource).find((name) => !attributes.includes(name));
    if (unknown) throw new TemplateError(`${logicalId}: ${unknown} is not modelled`);
    underWay.add(logicalId);
    const properties = resolve(resource.Properties ?? {}, `${logicalId} (${resource.Type})`);
    const result = instantiate(logicalId, resource.Type, properties);
    created.set(logicalId, result);
    return result;
  }

  function instantiate(logicalId: string, type: string, properties: Payload): CreatedResource {
    if (surroundings.isInert(type))
      return { ref: logicalId, attributes: { Arn: `arn:aws:inert:::${logicalId}` } };
    const model = surroundings.model(type);
    if (!model)
      throw new TemplateError(`${logicalId}: resource type ${type} is neither modelled nor listed as inert`);
    const parsed = model.properties.safeParse(properties);
    if (!parsed.success)
      throw new TemplateError(
        `${logicalId} (${type}) is not modelled as written:\n${z.prettifyError(parsed.error)}`,
      );
    return model.create({ logicalId, properties: parsed.data as Payload });
  }

  function reference(name: string): string {
    if (name === 'AWS::NoValue') throw new TemplateError('AWS::NoValue is not modelled');
    return pseudo[name] ?? template.Parameters?.[name]?.Default ?? create(name).ref;
  }

  function attribute(logicalId: string, name: string): string {
    const value = create(logicalId).attributes?.[name];
    if (value === undefined) throw new TemplateError(`${logicalId}: attribute ${name} is not modelled`);
    return value;
  }

  function substitute(text: string): string {
    return text.replace(/\$\{([^}!]+)\}/g, (_all, name: string) => {
      const [logicalId, ...rest] = name.split('.');
      return rest.length ? attribute(logicalId as string, rest.join('.')) : reference(name);
    });
  }

  function intrinsic(name: string, value: Payload, at: string): Payload {
    if (name === 'Ref') return reference(value);
    if (name === 'Fn::GetAtt') return attribute(value[0], value[1]);
    if (name === 'Fn::Sub' && typeof value === 'string') return substitute(value);
    if (name === 'Fn::Join') return resolve(value[1], at).join(value[0]);
    if (name === 'Fn::Select') return resolve(value[1], at)[Number(value[0])];
    if (name === 'Fn::Split') return resolve(value[1], at).split(value[0]);
    throw new TemplateError(`${at}: ${name} is not modelled`);
  }

  function resolve(value: Payload, at: string): Payload {
    if (Array.isArray(value)) return value.map((item, index) => resolve(item, `${at}[${index}]`));
    if (value === null || typeof value !== 'object') return value;
    const keys = Object.keys(value);
    const only = keys.length === 1 ? (keys[0] as string) : '';
    if (only === 'Ref' || only.startsWith('Fn::')) return intrinsic(only, value[only], at);
    return Object.fromEntries(keys.map((key) => [key, resolve(value[key], `${at}.${key}`)]));
  }

  const unknown = Object.keys(template).find((name) => !sections.includes(name));
  if (unknown) throw new TemplateError(`${unknown}: this section of the template is not modelled`);
  for (const logicalId of Object.keys(template.Resources)) create(logicalId);
  const outputs = Object.fromEntries(
    Object.entries(template.Outputs ?? {}).map(([name, output]) => [
      name,
      resolve(output.Value, `output ${name}`),
    ]),
  );
  return { resources: created, outputs };
}
