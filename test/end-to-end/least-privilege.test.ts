/**
 * Least privilege, proved: whichever action or resource is taken out of a statement of the template, some call of the scenes
 * in every-call.ts would be denied, or AWS needs it for what this machine cannot show (infra/local/granted-for-aws.ts).
 */
import { beforeAll, expect, test } from 'vitest';
import { grantedForAws } from '../../infra/local/granted-for-aws.ts';
import { type IamService, permits, type Statement } from '../../infra/local/iam.ts';
import type { Permission } from '../../infra/local/service.ts';
import type { Template } from '../../infra/local/template.ts';
import { startVigil } from '../../infra/local/vigil.ts';
import { resources } from '../infra/template.ts';
import {
  everyCall,
  killedExecutionIsRaisedAgain,
  oldAddressIsUnsubscribed,
  unreadableIsQuarantined,
} from './every-call.ts';
import { hospital } from './ward.ts';

/** What the scenes asked for and had, by the role's ARN. */
const calls = new Map<string, Map<string, Permission>>();
const statements = new Map<string, readonly Statement[]>();

/** The demo stage has every role; what production calls is looked up in its policies. */
const inDemo = (resource: string) => resource.replace(/(vigil[-_])production/, '$1demo');

function note(roleArn: string, { action, resource }: Permission): void {
  const known = calls.get(roleArn) ?? new Map<string, Permission>();
  calls.set(roleArn, known.set(`${action} ${inDemo(resource)}`, { action, resource: inDemo(resource) }));
}

const roles = resources('AWS::IAM::Role').map(
  ([id, { AssumeRolePolicyDocument }]): [id: string, service: string] => [
    id,
    AssumeRolePolicyDocument.Statement[0].Principal.Service,
  ],
);
const arnOf = (roleId: string) => `arn:aws:iam::111122223333:role/${roleId}`;

async function statementsIn(stage: 'demo' | 'production') {
  const vigil = await startVigil({ stage, hospital, seed: 1, startAt: '2026-03-03T01:00:00Z' });
  vigil.stop();
  const iam = vigil.service<IamService>('iam');
  return new Map(roles.map(([id]) => [id, iam.statementsOf(arnOf(id))]));
}

beforeAll(async () => {
  for (const [role, its] of await statementsIn('demo')) statements.set(role, its);
});

test.each(everyCall)('%s', async (_what, happens) => {
  expect(await happens({ onAllowed: note })).toBe(true);
});

test('production grants what the demo stage does, to each of its roles', async () => {
  for (const [role, its] of await statementsIn('production'))
    if (its.length > 0) expect(JSON.parse(inDemoAll(its)), role).toEqual(statements.get(role));
});

const inDemoAll = (its: readonly Statement[]) =>
  JSON.stringify(its).replace(/(vigil[-_])production/g, '$1demo');

/** Each way to take one action or one resource out of the role's statements, and what remains. */
function* removals(its: readonly Statement[]) {
  for (const [index, statement] of its.entries()) {
    const others = its.toSpliced(index, 1);
    for (const action of statement.Action) {
      const Action = statement.Action.filter((other) => other !== action);
      yield { statement, actions: [action], remaining: [...others, { ...statement, Action }] };
    }
    for (const resource of statement.Resource) {
      const Resource = statement.Resource.filter((other) => other !== resource);
      const remaining = [...others, { ...statement, Resource }];
      yield { statement, actions: statement.Action, resource, remaining };
    }
  }
}

const isForAws = (service: string, action: string) =>
  grantedForAws.some(({ roleOf, actions }) => roleOf.includes(service) && actions.includes(action));

function isNeeded(roleId: string, remaining: Statement[]): boolean {
  const asked = [...(calls.get(arnOf(roleId))?.values() ?? [])];
  return asked.some((permission) => !permits(remaining, permission));
}

test('every call that was allowed is allowed by the policies that are looked at here', () => {
  expect([...calls.keys()].sort()).toEqual(
    roles
      .map(([id]) => arnOf(id))
      .filter((arn) => calls.has(arn))
      .sort(),
  );
  for (const [role] of roles)
    for (const permission of calls.get(arnOf(role))?.values() ?? [])
      expect([permission, permits(statements.get(role) ?? [], permission)]).toEqual([permission, true]);
});

test.each(roles)('%s has no action and no resource without which everything would still be done', (id, service) => {
  const its = statements.get(id) ?? [];
  expect(its.filter(({ Effect }) => Effect !== 'Allow')).toEqual([]);
  const idle = [...removals(its)]
    .filter(({ remaining }) => !isNeeded(id, remaining))
    .filter(({ actions }) => !actions.every((action) => isForAws(service, action)))
    .map(({ statement, actions, resource }) => `${actions} on ${resource ?? statement.Resource}`);
  expect(idle).toEqual([]);
});
