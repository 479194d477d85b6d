/** Conformance with https://docs.aws.amazon.com/IAM/latest/UserGuide/ (pages named by each test). */
import { expect, test } from 'vitest';
import { iam } from '../../../../infra/local/engine/iam.ts';
import { fakeAccount } from '../fake-account.ts';

const trusting = (Service: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service },
      ...(Condition && { Condition }),
    },
  ],
});

type Given = { Effect?: string; Action: string | string[]; Resource: string | string[]; Condition?: object };

function aRole(...statements: Given[]) {
  const account = fakeAccount();
  const service = account.add(iam);
  const role = account.create('AWS::IAM::Role', 'Role', {
    AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
  });
  account.create('AWS::IAM::Policy', 'Policy', {
    PolicyName: 'p',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
    },
    Roles: [role.ref],
  });
  const arn = role.attributes.Arn as string;
  return {
    service,
    arn,
    allows: (action: string, resource: string) => service.allows(arn, { action, resource }),
  };
}

test('reference_policies_evaluation-logic: what no statement allows is denied', () => {
  const { allows, service } = aRole({ Action: 'sns:Publish', Resource: 'arn:a' });
  expect(allows('sns:Publish', 'arn:a')).toBe(true);
  expect(allows('sns:Publish', 'arn:b')).toBe(false);
  expect(allows('sns:Subscribe', 'arn:a')).toBe(false);
  expect(service.allows('arn:of-nobody', { action: 'sns:Publish', resource: 'arn:a' })).toBe(false);
});

test('reference_policies_evaluation-logic: a Deny wins over every Allow', () => {
  const { allows } = aRole(
    { Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::roster/*' },
  );
  expect(allows('s3:GetObject', 'arn:aws:s3:::archive/x')).toBe(true);
  expect(allows('s3:GetObject', 'arn:aws:s3:::roster/x')).toBe(false);
});

test.each([
  ['arn:aws:s3:::archive/*', 'arn:aws:s3:::archive/a/b', true],
  ['arn:aws:s3:::archive/*', 'arn:aws:s3:::archive', false],
  ['arn:aws:s3:::archiv?', 'arn:aws:s3:::archive', true],
  ['arn:aws:s3:::a.c', 'arn:aws:s3:::abc', false],
])('reference_policies_elements_resource: %s for %s is %s', (Resource, asked, expected) => {
  expect(aRole({ Action: 's3:GetObject', Resource }).allows('s3:GetObject', asked)).toBe(expected);
});

test('reference_policies_elements_action: actions are matched without regard to case, with wildcards', () => {
  const { allows } = aRole({ Action: ['dynamodb:get*', 'SNS:publish'], Resource: '*' });
  expect([
    allows('dynamodb:GetItem', 'x'),
    allows('sns:Publish', 'x'),
    allows('dynamodb:PutItem', 'x'),
  ]).toEqual([true, true, false]);
});

/** A role that may read and write items whose keys begin so. */
const onItems = (...keys: string[]) => {
  const { service, arn } = aRole({
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    Resource: 'arn:table',
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
  return (...leadingKeys: string[]) =>
    service.allows(arn, { action: 'dynamodb:PutItem', resource: 'arn:table', leadingKeys });
};

test.each([
  [['PAGE#1'], true],
  [['PATIENT#p-7'], true],
  [['READING#1'], false],
  [['PAGE#1', 'PATIENT#p-7'], true],
  [['PAGE#1', 'READING#1'], false],
  [['page#1'], false],
  [['PAGE'], false],
])(
  'specifying-conditions: of PAGE#* and PATIENT#*, the partition keys %j may be written: %s',
  (keys, may) => {
    expect(onItems('PAGE#*', 'PATIENT#*')(...keys)).toBe(may);
  },
);

test('reference_policies_condition-single-vs-multi-valued-context-keys: ForAllValues holds for a call without keys', () => {
  expect(onItems('PAGE#*')()).toBe(true);
});

test('the same call on another item is asked anew', () => {
  const may = onItems('PAGE#*');
  expect([may('PAGE#1'), may('READING#1'), may('PAGE#2')]).toEqual([true, false, true]);
});

test('id_roles_create_for-service: a role trusts the services that its trust policy names', () => {
  const { service, arn } = aRole({ Action: '*', Resource: '*' });
  expect(service.trusts(arn, 'lambda.amazonaws.com', 'arn:function')).toBe(true);
  expect(service.trusts(arn, 'scheduler.amazonaws.com', 'arn:group')).toBe(false);
});

test.each([
  [{ StringEquals: { 'aws:SourceAccount': '111122223333' } }, true],
  [{ StringEquals: { 'aws:SourceAccount': '999999999999' } }, false],
  [{ StringEquals: { 'sts:ExternalId': '111122223333' } }, true],
  [{ StringEquals: { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:group' } }, true],
  [{ StringEquals: { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:other' } }, false],
  [
    { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnEquals: { 'aws:SourceArn': 'arn:group' } },
    true,
  ],
  [
    { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnEquals: { 'aws:SourceArn': 'arn:other' } },
    false,
  ],
])(
  'reference_policies_elements_condition: a trust for %j holds here for arn:group: %s',
  (Condition, expected) => {
    const account = fakeAccount();
    const service = account.add(iam);
    const role = account.create('AWS::IAM::Role', 'Role', {
      AssumeRolePolicyDocument: trusting('scheduler.amazonaws.com', Condition),
    });
    expect(service.trusts(role.attributes.Arn as string, 'scheduler.amazonaws.com', 'arn:group')).toBe(
      expected,
    );
  },
);

test('a condition that is not modelled, and a policy for a role that is not there, are refused', () => {
  const account = fakeAccount();
  account.add(iam);
  const policy = (Roles: string[], more: object = {}) => ({
    PolicyName: 'p',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more }],
    },
    Roles,
  });
  const fromOneAddress = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
  expect(() => account.create('AWS::IAM::Policy', 'P', policy([], fromOneAddress))).toThrow('IpAddress');
  expect(() => account.create('AWS::IAM::Policy', 'P', policy([], { NotAction: 's3:*' }))).toThrow(
    'NotAction',
  );
  expect(() => account.create('AWS::IAM::Policy', 'P', policy(['nobody']))).toThrow('nobody');
});
