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
 * The conditions that the template uses, and no others, are known: a trust that asks for an account is held against this
 * account; kms:ViaService stands only beside kms actions, which nobody asks for here, and is checked by test/infra.
 */
import { z } from 'zod';
import { inert } from './inert.ts';
import { matches, oneOrMore } from './policy.ts';
import type { Account, Permission, Service } from './service.ts';

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z.strictObject({ StringEquals: z.strictObject({ 'kms:ViaService': oneOrMore }) }).optional(),
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
            'sts:ExternalId': z.string().optional(),
          }),
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
type Role = { arn: string; trusted: string[]; statements: Statement[] };

export type IamService = Service & {
  allows(roleArn: string, permission: Permission): boolean;
  /** What the role's policies say. */
  statementsOf(roleArn: string): readonly Statement[];
  /** True when the role's trust policy lets the AWS service, e.g. `lambda.amazonaws.com`, assume it. */
  trusts(roleArn: string, servicePrincipal: string): boolean;
};

const applies = (entry: Statement, { action, resource }: Permission) =>
  entry.Action.some((pattern) => matches(pattern, action, 'i')) &&
  entry.Resource.some((pattern) => matches(pattern, resource));

/** Whether these statements, all that a role has, allow it. */
export function permits(statements: readonly Statement[], permission: Permission): boolean {
  const fitting = statements.filter((entry) => applies(entry, permission));
  return (
    fitting.some((entry) => entry.Effect === 'Allow') && !fitting.some((entry) => entry.Effect === 'Deny')
  );
}

export function iam(account: Account): IamService {
  const byArn = new Map<string, Role>();
  const byName = new Map<string, Role>();
  const answers = new Map<string, boolean>();

  const statementsOf = (roleArn: string) => byArn.get(roleArn)?.statements ?? [];

  return {
    id: 'iam',
    operations: {},
    statementsOf,
    trusts: (roleArn, servicePrincipal) => byArn.get(roleArn)?.trusted.includes(servicePrincipal) ?? false,
    allows(roleArn, permission) {
      const key = `${roleArn} ${permission.action} ${permission.resource}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = permits(statementsOf(roleArn), permission);
      answers.set(key, answer);
      return answer;
    },
    resources: {
      'AWS::IAM::Role': {
        properties: roleProperties,
        create({ logicalId, properties }: { logicalId: string; properties: z.infer<typeof roleProperties> }) {
          const arn = `arn:aws:iam::${account.accountId}:role/${logicalId}`;
          const trusted = properties.AssumeRolePolicyDocument.Statement.filter(({ Condition }) =>
            Object.values(Condition?.StringEquals ?? {}).every((value) => value === account.accountId),
          ).flatMap(({ Principal }) => Principal.Service);
          const role = { arn, trusted, statements: [] };
          byArn.set(arn, role);
          byName.set(logicalId, role);
          return { ref: logicalId, attributes: { Arn: arn } };
        },
      },
      'AWS::IAM::Policy': {
        properties: policyProperties,
        create({
          logicalId,
          properties,
        }: {
          logicalId: string;
          properties: z.infer<typeof policyProperties>;
        }) {
          for (const name of properties.Roles) {
            const role = byName.get(name);
            if (!role) throw new Error(`${logicalId}: the policy names the role ${name}, which is not there`);
            role.statements.push(...properties.PolicyDocument.Statement);
          }
          answers.clear();
          return { ref: logicalId };
        },
      },
    },
  };
}
