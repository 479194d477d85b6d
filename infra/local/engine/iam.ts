/**
 * IAM: identity policies of the template's roles, evaluated on action and resource for every call.
 *
 * - Everything is denied unless a statement allows it, and a Deny wins over every Allow.
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * - Actions are matched without regard to case; `*` and `?` are wildcards in actions and resources.
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 * - A service assumes a role only if the role's trust policy names it.
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
 *
 * The conditions that the template uses, and no others, are known: a trust that asks for an account or a source is held
 * against this account and that source; kms:ViaService stands only beside kms actions, which nobody asks for here, and is checked by test/infra;
 * dynamodb:LeadingKeys are the partition keys of the items that a call names, of a query those of its index.
 * - ForAllValues holds when each key fits one of the patterns, and when there is none.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { z } from 'zod';
import { inert } from './inert.ts';
import { matches, oneOrMore } from './policy.ts';
import { type Account, type Permission, resource, type Service } from './service.ts';

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z
    .strictObject({
      StringEquals: z.strictObject({ 'kms:ViaService': oneOrMore }).optional(),
      'ForAllValues:StringLike': z.strictObject({ 'dynamodb:LeadingKeys': oneOrMore }).optional(),
    })
    .optional(),
});

const document = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(statement) });

const trust = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Effect: z.literal('Allow'),
      Action: z.literal('sts:AssumeRole'),
      Principal: z.strictObject({ Service: oneOrMore }),
      Condition: z
        .strictObject({
          StringEquals: z.strictObject({
            'aws:SourceAccount': z.string().optional(),
            'aws:SourceArn': z.string().optional(),
            'sts:ExternalId': z.string().optional(),
          }),
          ArnEquals: z.strictObject({ 'aws:SourceArn': z.string() }).optional(),
        })
        .optional(),
    }),
  ),
});

const roleProperties = z.strictObject({
  AssumeRolePolicyDocument: trust,
});

const policyProperties = z.strictObject({
  PolicyName: inert('a label', z.string()),
  PolicyDocument: document,
  Roles: z.array(z.string()),
});

export type Statement = z.infer<typeof statement>;
type Trust = z.infer<typeof trust>['Statement'][number];
type Role = { arn: string; trusted: Trust[]; statements: Statement[] };

export type IamService = Service & {
  allows(roleArn: string, permission: Permission): boolean;
  /** What the role's policies say. */
  statementsOf(roleArn: string): readonly Statement[];
  /** True when the role's trust policy lets the AWS service, e.g. `states.amazonaws.com`, assume it on behalf of the source. */
  trusts(roleArn: string, servicePrincipal: string, sourceArn: string): boolean;
};

const isAbout = (entry: Statement, { action, resource }: Permission) =>
  entry.Action.some((pattern) => matches(pattern, action, 'i')) &&
  entry.Resource.some((pattern) => matches(pattern, resource));

/** The patterns of partition keys that a statement is limited to. */
export const keysOf = ({ Condition }: Statement): readonly string[] | undefined =>
  Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];

const holdsFor = (entry: Statement, { leadingKeys = [] }: Permission) =>
  leadingKeys.every((key) => keysOf(entry)?.some((pattern) => matches(pattern, key)) ?? true);

function allow(about: readonly Statement[], permission: Permission): boolean {
  const fitting = about.filter((entry) => holdsFor(entry, permission));
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

export function iam(account: Account): IamService {
  const byArn = new Map<string, Role>();
  const byName = new Map<string, Role>();
  /** What a role's policies say of an action on a resource, whatever the item. */
  const known = new Map<string, Statement[]>();

  const statementsOf = (roleArn: string) => byArn.get(roleArn)?.statements ?? [];

  return {
    id: 'iam',
    operations: {},
    statementsOf,
    trusts: (roleArn, servicePrincipal, sourceArn) =>
      (byArn.get(roleArn)?.trusted ?? []).some(({ Principal, Condition }) => {
        const { 'aws:SourceArn': source, ...accounts } = Condition?.StringEquals ?? {};
        return (
          Principal.Service.includes(servicePrincipal) &&
          Object.values(accounts).every((value) => value === account.accountId) &&
          matches(source ?? Condition?.ArnEquals?.['aws:SourceArn'] ?? '*', sourceArn)
        );
      }),
    allows(roleArn, permission) {
      const key = `${roleArn} ${permission.action} ${permission.resource}`;
      const about = known.get(key) ?? statementsOf(roleArn).filter((entry) => isAbout(entry, permission));
      known.set(key, about);
      return allow(about, permission);
    },
    resources: {
      'AWS::IAM::Role': resource(roleProperties, ({ logicalId, properties }) => {
        const arn = `arn:aws:iam::${account.accountId}:role/${logicalId}`;
        const role = { arn, trusted: properties.AssumeRolePolicyDocument.Statement, statements: [] };
        byArn.set(arn, role);
        byName.set(logicalId, role);
        return { ref: logicalId, attributes: { Arn: arn } };
      }),
      'AWS::IAM::Policy': resource(policyProperties, ({ logicalId, properties }) => {
        for (const name of properties.Roles) {
          const role = byName.get(name);
          if (!role) throw new Error(`${logicalId}: the policy names the role ${name}, which is not there`);
          role.statements.push(...properties.PolicyDocument.Statement);
        }
        known.clear();
        return { ref: logicalId };
      }),
    },
  };
}
