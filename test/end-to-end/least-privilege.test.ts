/**
 * Least privilege, proved: whichever action on whichever resource is taken out of a statement of the template, some call of the scenes
 * in every-call.ts would be denied, or AWS needs it for what this machine cannot show (infra/local/account/granted-for-aws.ts).
 */
import { beforeAll, expect, test } from 'vitest';
import { grantedForAws } from '../../infra/local/account/granted-for-aws.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { startVigil } from '../../infra/local/account/vigil.ts';
import { type IamService, iam, keysOf, type Statement } from '../../infra/local/engine/iam.ts';
import type { Permission } from '../../infra/local/engine/service.ts';
import { fakeAccount } from '../infra/local/fake-account.ts';
import { resources } from '../infra/template.ts';
import { checkInCalls } from './check-in-calls.ts';
import { deviceCalls } from './device-calls.ts';
import { drillCalls } from './drill-calls.ts';
import {
  everyCall,
  killedExecutionIsRaisedAgain,
  lostStartIsMadeGood,
  oldAddressIsUnsubscribed,
  reportIsRead,
  unreadableIsQuarantined,
} from './every-call.ts';
import { standDownCalls } from './stand-down-calls.ts';
import { hospital } from './ward.ts';

type Role = { id: string; service: string };

const roles: Role[] = resources('AWS::IAM::Role').map(([id, { AssumeRolePolicyDocument: trust }]) => ({
  id,
  service: trust.Statement[0].Principal.Service.replace('.amazonaws.com', ''),
}));
const arnOf = (roleId: string) => `arn:aws:iam::111122223333:role/${roleId}`;

/** The demo stage has every role: what production calls is held against its policies. A secret's suffix is random. */
const inDemo = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/(vigil[-_])production/g, '$1demo')
      .replace(/(:secret:[\w-]+-)\w{6}"/g, '$1suffix"'),
  );

async function policiesOf(stage: 'demo' | 'production'): Promise<Map<string, readonly Statement[]>> {
  const vigil = await startVigil({ stage, hospital, seed: 1, startAt: '2026-03-03T01:00:00Z' });
  vigil.stop();
  const service = vigil.service<IamService>('iam');
  return new Map(roles.map(({ id }) => [id, inDemo(service.statementsOf(arnOf(id)))]));
}

const account = fakeAccount();
const policyService = account.add(iam);
let made = 0;

/** What a role that has these statements, and no others, may do. */
function grantedBy(Statement: readonly Statement[]): (permission: Permission) => boolean {
  const id = `Role${made++}`;
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const Version = '2012-10-17';
  account.create('AWS::IAM::Role', id, { AssumeRolePolicyDocument: { Version, Statement: [trust] } });
  account.create('AWS::IAM::Policy', `${id}Policy`, {
    PolicyName: id,
    PolicyDocument: { Version, Statement: [...Statement] },
    Roles: [id],
  });
  return (permission) => policyService.allows(arnOf(id), permission);
}

let policies = new Map<string, readonly Statement[]>();
/** What the scenes asked for and had, by the role's ARN. */
const calls = new Map<string, Map<string, Permission>>();
const callsOf = ({ id }: Role) => [...(calls.get(arnOf(id))?.values() ?? [])];
const statementsOf = ({ id }: Role) => policies.get(id) ?? [];

const onAllowed = (roleArn: string, permission: Permission): void => {
  const known = calls.get(roleArn) ?? new Map<string, Permission>();
  // Of items, what their keys begin with; an index's are whole.
  const leadingKeys = permission.leadingKeys?.map((key) => key.replace(/#.*/s, '#an-id'));
  const asked = { ...permission, ...(leadingKeys && { leadingKeys }) };
  calls.set(
    roleArn,
    known.set([permission.action, permission.resource, leadingKeys].join(' '), inDemo(asked)),
  );
};

beforeAll(async () => {
  policies = await policiesOf('demo');
});

test.each([...everyCall, ...deviceCalls, ...checkInCalls, ...drillCalls, ...standDownCalls])(
  '%s',
  async (_what, happens) => {
    expect(await happens({ onAllowed })).toBe(true);
  },
);

test('production grants what the demo stage does, but for the simulated devices', async () => {
  for (const [role, statements] of await policiesOf('production'))
    expect(statements, role).toEqual(/Simulate/.test(role) ? [] : policies.get(role));
});

test('every call was made by a role of the template, and its policies allow it', () => {
  expect([...calls.keys()].filter((arn) => !roles.some(({ id }) => arnOf(id) === arn))).toEqual([]);
  for (const role of roles) {
    const allows = grantedBy(statementsOf(role));
    expect(callsOf(role).filter((call) => !allows(call))).toEqual([]);
  }
});

/** The statement for items whose keys fit only these patterns. */
const onlyFor = (statement: Statement, keys: string[]): Statement => ({
  ...statement,
  Condition: { ...statement.Condition, 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
});

/** Each way to take one action on one resource, and one kind of item, out of a role's statements, and what is left. */
function removalsOf(statements: readonly Statement[]) {
  return statements.flatMap((statement, index) =>
    statement.Action.flatMap((action) => {
      const others = { ...statement, Action: statement.Action.filter((other) => other !== action) };
      const alone = { ...statement, Action: [action] };
      const without = (what: string, rest: Statement) => ({
        what: `${action} on ${what}`,
        action,
        left: statements.toSpliced(index, 1, others, rest),
      });
      const keys = keysOf(statement) ?? [];
      return [
        ...statement.Resource.map((resource) =>
          without(resource, { ...alone, Resource: alone.Resource.filter((other) => other !== resource) }),
        ),
        ...keys.map((key) =>
          without(
            key,
            onlyFor(
              alone,
              keys.filter((other) => other !== key),
            ),
          ),
        ),
      ];
    }),
  );
}

const entriesFor = (role: Role, action: string) =>
  grantedForAws.filter(
    ({ actions, rolesOf, impliedBy }) =>
      actions.includes(action) &&
      rolesOf.some((service) => service === role.service) &&
      (!impliedBy || callsOf(role).some((call) => impliedBy.test(call.action))),
  );

function deniesACall(role: Role, left: readonly Statement[]): boolean {
  const allows = grantedBy(left);
  return callsOf(role).some((call) => !allows(call));
}

/** What could be taken away: no call would be denied, and AWS does not need it either. */
const idleIn = (role: Role, statements: readonly Statement[]) =>
  removalsOf(statements)
    .filter(({ left }) => !deniesACall(role, left))
    .filter(({ action }) => entriesFor(role, action).length === 0)
    .map(({ what }) => what);

test.each(roles)('$id: nothing can be taken away without a call being denied', (role) => {
  expect(statementsOf(role).length).toBeGreaterThan(0);
  expect(idleIn(role, statementsOf(role))).toEqual([]);
});

test('a grant that nobody uses, and one that is there twice, would be found', () => {
  const role = roles.find(({ id }) => /ListOpenAlertsRole/.test(id)) as Role;
  const statements = statementsOf(role);
  const unused: Statement = { Effect: 'Allow', Action: ['dynamodb:Scan'], Resource: ['arn:table'] };
  expect(idleIn(role, [...statements, unused])).toContain('dynamodb:Scan on arn:table');
  const put = statements.filter(({ Action }) => Action.includes('s3:PutObject'));
  expect(idleIn(role, [...statements, ...put])).toHaveLength(2);
});

test('a kind of item that nobody touches would be found', () => {
  const role = roles.find(({ id }) => /ServeReportRole/.test(id)) as Role;
  const wider = statementsOf(role).map((one) => {
    const keys = keysOf(one);
    return keys ? onlyFor(one, [...keys, 'PATIENT#*']) : one;
  });
  expect(idleIn(role, wider)).toEqual(
    ['GetItem', 'UpdateItem'].map((name) => `dynamodb:${name} on PATIENT#*`),
  );
});

test('a statement that grants each of its actions somewhere, and one of them too widely, would be found', () => {
  const role = roles.find(({ id }) => /SweepOverdueRole/.test(id)) as Role;
  const actions = ['states:StartExecution', 'sns:Publish'];
  const [one, other] = actions.map((action) =>
    statementsOf(role).find(({ Action }) => Action.includes(action)),
  ) as [Statement, Statement];
  const resources = [...one.Resource, ...other.Resource];
  const both: Statement = { ...one, Action: actions, Resource: resources };
  const others = statementsOf(role).filter((statement) => statement !== one && statement !== other);
  const rest: Statement = { ...other, Action: other.Action.filter((action) => !actions.includes(action)) };
  expect(idleIn(role, [...others, rest, both])).toEqual([
    `states:StartExecution on ${other.Resource}`,
    `sns:Publish on ${one.Resource}`,
  ]);
});

test('whatever AWS is said to need is granted somewhere, is called nowhere, and has a reason and a page', () => {
  for (const entry of grantedForAws) {
    expect(entry.reason).not.toBe('');
    expect(entry.page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html/);
    for (const service of entry.rolesOf)
      for (const action of entry.actions) {
        const granted = roles.filter(
          (role) =>
            role.service === service &&
            statementsOf(role).some(({ Action }) => Action.includes(action)) &&
            !callsOf(role).some((call) => call.action === action) &&
            entriesFor(role, action).includes(entry),
        );
        expect([service, action, granted.length > 0]).toEqual([service, action, true]);
      }
  }
});

test.each(roles)('$id: a key may be used only by way of services that the role calls', (role) => {
  const called = new Set(callsOf(role).map(({ action }) => action.split(':')[0]));
  const through = statementsOf(role)
    .filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))
    // The key of the messages has no such condition; only topics are under it.
    .flatMap(
      ({ Condition }) => Condition?.StringEquals?.['kms:ViaService'] ?? ['sns.eu-west-2.amazonaws.com'],
    )
    .map((service) => service.split('.')[0]);
  expect(through.filter((service) => !called.has(service))).toEqual([]);
});

/** Takes an action, on resources that are named so, from one role. */
const without = (role: RegExp, action: string, resource: string) => (template: Template) => {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources))
    if (Type === 'AWS::IAM::Policy' && role.test(id))
      for (const statement of Properties.PolicyDocument.Statement)
        if (JSON.stringify(statement.Resource).includes(resource))
          statement.Action = [statement.Action].flat().map((it) => (it === action ? 'none:Nothing' : it));
};

/** Takes a kind of item from one role. */
const withoutItems = (role: RegExp, keys: string) => (template: Template) => {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources))
    if (Type === 'AWS::IAM::Policy' && role.test(id))
      for (const { Condition } of Properties.PolicyDocument.Statement) {
        const condition = Condition?.['ForAllValues:StringLike'];
        if (!condition) continue;
        const left = [condition['dynamodb:LeadingKeys']].flat().filter((other) => other !== keys);
        condition['dynamodb:LeadingKeys'] = left.length > 0 ? left : 'nothing';
      }
};

test.each([
  [
    'the claims from the sweeper, a lost start is not made good',
    lostStartIsMadeGood,
    withoutItems(/SweepOverdueRole/, 'READING#*'),
  ],
  [
    'the count of its PINs from the report’s page, the report is not read',
    reportIsRead,
    withoutItems(/ServeReportRole/, 'PIN#*'),
  ],
  [
    'states:StartExecution from the sweeper, a killed execution is not raised again',
    killedExecutionIsRaisedAgain,
    without(/SweepOverdueRole/, 'states:StartExecution', 'Escalation'),
  ],
  [
    's3:PutObject from the consumer, an unreadable record is not quarantined',
    unreadableIsQuarantined,
    without(/ConsumeReadingsRole/, 's3:PutObject', 'quarantine'),
  ],
  [
    'sns:Unsubscribe from the reconciler, an old address stays subscribed',
    oldAddressIsUnsubscribed,
    without(/ReconcileSubscriptionsRole/, 'sns:Unsubscribe', '*'),
  ],
])('really taking away %s', async (_what, happens, change) => {
  expect(await happens({ change })).toBe(false);
});
