/** Least privilege, checked against the code that is deployed: a bundle holds the SDK commands that its handler can send. */
import { expect, test } from 'vitest';
import { grantedForAws } from '../../../infra/local/account/granted-for-aws.ts';
import { actionsOf, bundleOf, functions, resources, type Statement, statementsOf } from '../template.ts';

/** Actions that the Service Authorization Reference gives no resource. */
const withoutResource = [
  ...grantedForAws.filter((granted) => granted.withoutResource).flatMap(({ actions }) => actions),
  'sns:CheckIfPhoneNumberIsOptedOut',
  'sns:GetSubscriptionAttributes',
  'sns:Unsubscribe',
  'states:SendTaskSuccess',
];

/** The action that each SDK command needs; a transaction's depend on its items. */
const actionOf: Record<string, string[]> = {
  'dynamodb.BatchGetCommand': ['dynamodb:BatchGetItem'],
  'dynamodb.GetCommand': ['dynamodb:GetItem'],
  'dynamodb.PutCommand': ['dynamodb:PutItem'],
  'dynamodb.QueryCommand': ['dynamodb:Query'],
  'dynamodb.UpdateCommand': ['dynamodb:UpdateItem'],
  // Athena reads the result's object with the caller's rights.
  'athena.GetQueryResultsCommand': ['athena:GetQueryResults', 's3:GetObject'],
  'firehose.PutRecordBatchCommand': ['firehose:PutRecordBatch'],
  'kinesis.PutRecordsCommand': ['kinesis:PutRecords'],
  's3.GetObjectCommand': ['s3:GetObject'],
  's3.HeadObjectCommand': ['s3:GetObject'],
  's3.PutObjectCommand': ['s3:PutObject'],
  's3.ListObjectsV2Command': ['s3:ListBucket'],
  'secrets_manager.GetSecretValueCommand': ['secretsmanager:GetSecretValue'],
  'sfn.DescribeExecutionCommand': ['states:DescribeExecution'],
  'sfn.SendTaskSuccessCommand': ['states:SendTaskSuccess'],
  'sfn.StartExecutionCommand': ['states:StartExecution'],
  'sns.CheckIfPhoneNumberIsOptedOutCommand': ['sns:CheckIfPhoneNumberIsOptedOut'],
  'sns.CreateTopicCommand': ['sns:CreateTopic'],
  'sns.ListSubscriptionsByTopicCommand': ['sns:ListSubscriptionsByTopic'],
  'sns.PublishCommand': ['sns:Publish'],
  'sns.SubscribeCommand': ['sns:Subscribe'],
  'sns.GetSubscriptionAttributesCommand': ['sns:GetSubscriptionAttributes'],
  'sns.UnsubscribeCommand': ['sns:Unsubscribe'],
};

/** What the platform does with a function's role, not the handler. */
const platform = [
  ...grantedForAws
    .filter(({ rolesOf, impliedBy }) => rolesOf.includes('lambda') && !impliedBy)
    .flatMap(({ actions }) => actions),
  // An event source mapping reads its stream, and writes what it gives up.
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
  // Lambda keeps the events on which a function failed.
  'sqs:SendMessage',
];

function neededBy(bundle: string): Set<string> {
  const sent = [...bundle.matchAll(/new import_(?:client|lib)_(dynamodb|s3|[a-z_]+)\d*\.(\w+Command)\(/g)];
  return new Set(
    sent.flatMap(([, service, command]) => {
      if (command === 'TransactWriteCommand') return transactionActions(bundle);
      const actions = actionOf[`${service}.${command}`];
      if (!actions) throw new Error(`${service}.${command} is not in the table of this test`);
      return actions;
    }),
  );
}

function transactionActions(bundle: string): string[] {
  return Object.entries({ Put: 'PutItem', Update: 'UpdateItem', ConditionCheck: 'ConditionCheckItem' })
    .filter(([item]) => new RegExp(`\\b${item}: `).test(bundle))
    .map(([, action]) => `dynamodb:${action}`);
}

function resourceText(statement: Statement): string {
  return JSON.stringify(statement.Resource);
}

/** The statements that a function has for its handler: without keys, and without what the platform does. */
function grantedTo(role: string): Set<string> {
  return new Set(
    statementsOf(role)
      .filter((statement) => !resourceText(statement).includes('/aws/lambda/*'))
      .flatMap(actionsOf)
      .filter((action) => !action.startsWith('kms:') && !platform.includes(action)),
  );
}

test.each(functions())('%s may do what its code calls, and nothing else', (_entry, properties) => {
  const role = properties.Role['Fn::GetAtt'][0];
  const granted = grantedTo(role);
  const hasFailureDestination = statementsOf(role).some((s) => resourceText(s).includes('/aws/lambda/*'));
  if (hasFailureDestination) granted.delete('s3:ListBucket');
  expect([...granted].sort()).toEqual([...neededBy(bundleOf(properties))].sort());
});

const ofItems = /^dynamodb:(\w+Item|Query|Scan|PartiQL\w+)$/;

/** Which items a function may touch, by action: how their partition keys begin, of an index the keys themselves. */
function itemsOf(role: string): Record<string, string[]> {
  const granted: Record<string, string[]> = {};
  for (const statement of statementsOf(role))
    for (const action of actionsOf(statement).filter((name) => ofItems.test(name))) {
      const condition = statement.Condition?.['ForAllValues:StringLike'];
      const keys = (condition?.['dynamodb:LeadingKeys'] ?? ['ANY']) as string[];
      const name = action.replace('dynamodb:', '');
      granted[name] = [...(granted[name] ?? []), ...keys];
    }
  return granted;
}

test('a function may touch the items that it is for, and no others: least of all those behind a link in a mail', () => {
  const granted = functions().map(([entry, { Role }]) => [entry, itemsOf(Role['Fn::GetAtt'][0])] as const);
  const touching = granted.filter(([, items]) => Object.keys(items).length > 0);
  expect(Object.fromEntries(touching)).toEqual({
    'answer-page': {
      GetItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PAGE#*', 'PATIENT#*', 'PIN#*', 'VITALS#*'],
      PutItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*'],
      UpdateItem: ['PAGE#*', 'PIN#*', 'REACHED#*'],
    },
    'assess-alert': { GetItem: ['CHECKIN#*', 'CONTACTS#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'VITALS#*'] },
    'consume-readings': {
      GetItem: ['ANNOUNCED#*', 'CONTACTS#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'READING#*', 'VITALS#*'],
      PutItem: ['CONTACTS#*', 'FEED#*', 'PATIENT#*', 'READING#*', 'VITALS#*'],
    },
    'list-open-alerts': { Query: ['alert'] },
    'move-alert': {
      GetItem: ['CHECKIN#*', 'CONTACTS#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'VITALS#*'],
      PutItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*'],
    },
    notify: { UpdateItem: ['TURN#*'] },
    'open-alert': {
      GetItem: ['CHECKIN#*', 'CONTACTS#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'READING#*', 'VITALS#*'],
      PutItem: ['ASIDE#*', 'CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'READING#*'],
    },
    'page-clinicians': {
      GetItem: ['CHECKIN#*', 'CONTACTS#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'VITALS#*'],
      PutItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PAGE#*', 'PATIENT#*'],
      UpdateItem: ['TURN#*'],
    },
    'reconcile-subscriptions': {
      GetItem: ['PREFLIGHT#*', 'REACHED#*'],
      PutItem: ['PREFLIGHT#*'],
      UpdateItem: ['REACHED#*', 'TURN#*'],
    },
    'serve-report': { GetItem: ['PIN#*'], UpdateItem: ['PIN#*'] },
    'stand-down': {
      GetItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*'],
      PutItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*'],
      UpdateItem: ['TURN#*'],
    },
    'sweep-overdue': {
      GetItem: ['CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'READING#*'],
      PutItem: ['ASIDE#*', 'CHECKIN#*', 'DEVICE#*', 'DRILL#*', 'PATIENT#*', 'READING#*'],
      Query: ['alert', 'claim'],
      UpdateItem: ['TURN#*'],
    },
    'watch-feeds': {
      GetItem: ['CONTACTS#*', 'FEED#*', 'READING#*'],
      PutItem: ['CONTACTS#*', 'READING#*'],
      UpdateItem: ['FEED#*', 'TURN#*'],
    },
  });
});

test('each secret is read by the functions that need it, and by no other', () => {
  const secretIds = resources('AWS::SecretsManager::Secret').map(([id, { Name }]) => [id, Name] as const);
  const readers = secretIds.map(([id, name]) => [
    name,
    functions()
      .filter(([, { Role }]) =>
        statementsOf(Role['Fn::GetAtt'][0]).some(
          (one) =>
            actionsOf(one).includes('secretsmanager:GetSecretValue') && resourceText(one).includes(`"${id}"`),
        ),
      )
      .map(([entry]) => entry)
      .sort(),
  ]);
  expect(Object.fromEntries(readers)).toEqual({
    'vigil-demo-answers': ['answer-page', 'serve-report'],
    'vigil-demo-identity': ['consume-readings', 'transform-readings'],
    'vigil-demo-webhook': [
      'notify',
      'page-clinicians',
      'reconcile-subscriptions',
      'stand-down',
      'sweep-overdue',
      'watch-feeds',
    ],
  });
});

test('no policy touches items without naming them', () => {
  const statements = resources('AWS::IAM::Policy').flatMap(
    ([, { PolicyDocument }]) => PolicyDocument.Statement,
  );
  const touching = statements.filter((one: Statement) =>
    actionsOf(one).some((action) => ofItems.test(action)),
  );
  expect(touching.length).toBeGreaterThan(10);
  for (const { Condition } of touching)
    expect(Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': expect.anything() } });
});

test('each function, state machine and schedule has a role that no other one has', () => {
  const roles = functions().map(([, { Role }]) => Role['Fn::GetAtt'][0]);
  for (const [, { RoleArn }] of resources('AWS::StepFunctions::StateMachine'))
    roles.push(RoleArn['Fn::GetAtt'][0]);
  for (const [, { Target }] of resources('AWS::Scheduler::Schedule'))
    roles.push(Target.RoleArn['Fn::GetAtt'][0]);
  expect(new Set(roles).size).toBe(roles.length);
});

const account = { Ref: 'AWS::AccountId' };
const arnIn = (service: string, rest: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, `:${service}:`, { Ref: 'AWS::Region' }, ':', account, rest],
  ],
});

/** On whose behalf a service may assume a role. */
const onBehalfOf: Record<string, (logicalId: string) => object | undefined> = {
  // An external id is what Firehose's guide names: the account that the delivery stream is in.
  'firehose.amazonaws.com': () => ({ StringEquals: { 'sts:ExternalId': account } }),
  // Lambda's guide names neither key for execution roles, and a condition on a key that is not sent would stop every
  // function. It takes a role only from its own account: iam:PassRole does not reach into another.
  'lambda.amazonaws.com': () => undefined,
  // The Scheduler names the group of a schedule, never the schedule.
  'scheduler.amazonaws.com': () => ({
    StringEquals: {
      'aws:SourceAccount': account,
      'aws:SourceArn': arnIn('scheduler', ':schedule-group/default'),
    },
  }),
  'states.amazonaws.com': (id) => ({
    StringEquals: { 'aws:SourceAccount': account },
    ArnEquals: {
      'aws:SourceArn': arnIn(
        'states',
        `:stateMachine:vigil-demo-${/Escalation/.test(id) ? 'escalation' : 'nightly-report'}`,
      ),
    },
  }),
};

test('each role is assumed by one service, and only on behalf of what the role is for', () => {
  const services = new Set<string>();
  for (const [id, { AssumeRolePolicyDocument }] of resources('AWS::IAM::Role')) {
    expect(AssumeRolePolicyDocument.Statement, id).toHaveLength(1);
    const [{ Principal, Condition }] = AssumeRolePolicyDocument.Statement;
    expect(Object.keys(Principal), id).toEqual(['Service']);
    services.add(Principal.Service);
    expect(Condition, id).toEqual(onBehalfOf[Principal.Service]?.(id));
  }
  expect([...services].sort()).toEqual(Object.keys(onBehalfOf).sort());
});

/** Where a resource's own policy stands. */
const policiesOfResources = {
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
};

test('a service that a resource’s own policy lets in acts only for this account', () => {
  const letIn = Object.entries(policiesOfResources)
    .flatMap(([type, where]) => resources(type).flatMap(([, properties]) => properties[where].Statement))
    .filter(({ Principal }) => Principal?.Service);
  expect(letIn.length).toBeGreaterThan(4);
  for (const statement of letIn)
    expect(JSON.stringify(statement.Condition)).toMatch(
      /AWS::AccountId|"aws:SourceArn":\{"(Fn::GetAtt|Ref)"/,
    );
});

test('what calls a function by its resource policy is one service from one source', () => {
  const permissions = resources('AWS::Lambda::Permission');
  expect(permissions.length).toBeGreaterThan(0);
  for (const [id, { Principal, SourceArn }] of permissions) {
    expect(Principal, id).toMatch(/^(apigateway|events|lambda\.alarms\.cloudwatch)\.amazonaws\.com$/);
    expect(SourceArn, id).toBeDefined();
  }
});

test('only actions without a resource are granted on *', () => {
  const policies = resources('AWS::IAM::Policy').flatMap(
    ([, { PolicyDocument }]) => PolicyDocument.Statement,
  );
  const onAll = policies.filter((statement: Statement) => [statement.Resource].flat().includes('*'));
  expect(onAll.length).toBeGreaterThan(0);
  for (const action of onAll.flatMap(actionsOf)) expect(withoutResource).toContain(action);
});

test('no policy grants a service’s every action, and none is attached to a managed policy', () => {
  for (const [id, { PolicyDocument }] of resources('AWS::IAM::Policy'))
    for (const action of PolicyDocument.Statement.flatMap(actionsOf)) expect(action, id).not.toContain('*');
  for (const [id, role] of resources('AWS::IAM::Role')) {
    expect(role.ManagedPolicyArns, id).toBeUndefined();
    expect(role.Policies, id).toBeUndefined();
  }
});

test('a role uses the data key only by way of the services that it calls', () => {
  const dataKey = resources('AWS::KMS::Key').find(([, { Description }]) => /at rest/.test(Description))?.[0];
  const uses = resources('AWS::IAM::Policy')
    .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement)
    .filter((statement: Statement) => resourceText(statement).includes(`"${dataKey}"`));
  expect(uses.length).toBeGreaterThan(10);
  for (const use of uses) expect(use.Condition?.StringEquals).toHaveProperty('kms:ViaService');
});
