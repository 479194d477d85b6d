import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AwsError } from '../../../../infra/local/engine/aws-error.ts';
import { install } from '../../../../infra/local/engine/determinism.ts';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { lambda } from '../../../../infra/local/services/lambda/service.ts';
import { sqs } from '../../../../infra/local/services/sqs.ts';
import { fakeAccount, operator } from '../fake-account.ts';

/** A function of one bundle, with a service `dynamodb` that answers or fails as the test says. */
function aFunction(source: string, getItem: (input: Payload) => Payload = () => ({}), more: object = {}) {
  const bundles = mkdtempSync(join(tmpdir(), 'bundles-'));
  mkdirSync(join(bundles, 'asset.abc1'));
  writeFileSync(join(bundles, 'asset.abc1', 'index.js'), `"use strict";\n${source}`);
  const account = fakeAccount();
  account.add(() => ({
    id: 'dynamodb',
    resources: {},
    operations: { GetItem: { options: ['TableName', 'Key'], permissions: () => [], run: getItem } },
  }));
  const service = account.add((it) => lambda(it, bundles));
  account.create('AWS::Lambda::Function', 'Fn', {
    FunctionName: 'vigil-test',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Code: { S3Bucket: 'assets', S3Key: 'abc1.zip' },
    Role: 'arn:aws:iam::111122223333:role/fn',
    Timeout: 30,
    Environment: { Variables: { GREETING: 'hello' } },
    ...more,
  });
  const undo = install(account.clock, account.random('process'));
  const invoke = (event: Payload, more: object = {}) =>
    account.call(operator, 'lambda', 'Invoke', {
      FunctionName: 'vigil-test',
      Payload: JSON.stringify(event),
      ...more,
    });
  return { account, service, invoke, undo };
}

const payloadOf = (result: Payload) => JSON.parse(result.Payload);

test('the bundle runs with its own environment; what it returns is the payload', async () => {
  const { account, invoke, undo } = aFunction(
    'exports.handler = async (event) => ({ greeting: process.env.GREETING, to: event.to });',
  );
  const result = await account.done(invoke({ to: 'ward' }));
  undo();
  expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(payloadOf(result)).toEqual({ greeting: 'hello', to: 'ward' });
});

test('API_Invoke: a handler that throws answers 200 with FunctionError and the error type', async () => {
  const { account, invoke, undo } = aFunction(
    'class NobodyReached extends Error { name = "NobodyReached" } exports.handler = async () => { throw new NobodyReached("x"); };',
  );
  const result = await account.done(invoke({}));
  undo();
  expect(result).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(payloadOf(result)).toMatchObject({ errorType: 'NobodyReached', errorMessage: 'x' });
});

test('configuration-timeout: after Timeout the invocation fails, and nothing of it goes on', async () => {
  let calls = 0;
  const { account, invoke, undo } = aFunction(
    `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
     exports.handler = async () => {
       await new Promise((resolve) => setTimeout(resolve, 40_000));
       await new DynamoDBClient().send(new GetItemCommand({ TableName: 't', Key: {} }));
     };`,
    () => {
      calls++;
      return {};
    },
  );
  const result = await account.done(invoke({}));
  await account.clock.run(account.clock.now() + 60_000);
  undo();
  expect(payloadOf(result).errorType).toBe('Sandbox.Timedout');
  expect(calls).toBe(0);
});

test('configuration-timeout: what timed out handles nothing any more, although its handler ends later', async () => {
  const { account, invoke, undo } = aFunction(
    `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
     exports.handler = async (event) => {
       await new Promise((resolve) => setTimeout(resolve, event.ms));
       if (!event.ms) await new DynamoDBClient().send(new GetItemCommand({ TableName: 't', Key: {} }));
       return 'done';
     };`,
  );
  await account.done(invoke({ ms: 40_000 }));
  await account.clock.run(account.clock.now() + 60_000);
  const next = await account.done(invoke({ ms: 0 }));
  undo();
  expect(payloadOf(next)).toBe('done');
});

test('what crashed after its answer, in a call that it did not wait for, handles nothing any more', async () => {
  const { account, invoke, undo } = aFunction(
    `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
     const call = () => new DynamoDBClient().send(new GetItemCommand({ TableName: 't', Key: {} }));
     exports.handler = async (event) => { if (event.waits) await call(); else void call(); return 'done'; };`,
  );
  let crashes = true;
  account.faults.strikes = (kind) => crashes && kind === 'crash after the call';
  await account.done(invoke({ waits: false }));
  await account.clock.run(account.clock.now() + 1000);
  crashes = false;
  const next = await account.done(invoke({ waits: true }));
  undo();
  expect(payloadOf(next)).toBe('done');
});

test('lambda-concurrency: an instance is reused when idle, and a busy one is never shared', async () => {
  const { account, invoke, undo } = aFunction(
    'let n = 0; exports.handler = async (e) => { const mine = ++n; await new Promise((r) => setTimeout(r, e.ms)); return mine; };',
  );
  const both = await account.done(Promise.all([invoke({ ms: 1000 }), invoke({ ms: 1000 })]));
  const later = await account.done(invoke({ ms: 1 }));
  undo();
  expect(both.map(payloadOf)).toEqual([1, 1]);
  expect(payloadOf(later)).toBe(2);
});

test('invocation-async: an Event invocation answers at once and is tried three times', async () => {
  const { account, service, invoke, undo } = aFunction(
    'exports.handler = async () => { console.log("tried"); throw new Error("no"); };',
  );
  const result = await account.done(invoke({}, { InvocationType: 'Event' }));
  await account.clock.run(account.clock.now() + 600_000);
  undo();
  expect(result.StatusCode).toBe(202);
  expect(service.logs.map((log) => log.line)).toEqual(['tried', 'tried', 'tried']);
  expect(account.events.filter((event) => event.what === 'function error')).toHaveLength(3);
  expect(service.roleOf('vigil-test')).toBe('arn:aws:iam::111122223333:role/fn');
});

const queueArn = 'arn:aws:sqs:eu-west-2:111122223333:undelivered';

/** A function whose failed events are kept, as an event of each invocation's instant. */
function keepingUndelivered(source: string, seconds: number, more: object = {}) {
  const it = aFunction(source, undefined, more);
  const queue = it.account.add(sqs);
  it.account.create('AWS::SQS::Queue', 'Queue', {
    QueueName: 'undelivered',
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  });
  it.account.create('AWS::Lambda::EventInvokeConfig', 'Config', {
    FunctionName: 'vigil-test',
    Qualifier: '$LATEST',
    MaximumEventAgeInSeconds: seconds,
    DestinationConfig: { OnFailure: { Destination: queueArn } },
  });
  return {
    ...it,
    letters: () => queue.messages(queueArn).map(({ body }) => JSON.parse(body)),
    tries: () => it.service.logs.length,
    async event(payload: Payload) {
      await it.account.done(it.invoke(payload, { InvocationType: 'Event' }));
    },
    async minutes(minutes: number) {
      await it.account.clock.run(it.account.clock.now() + minutes * 60_000);
      it.undo();
    },
  };
}

const failing = 'exports.handler = async () => { console.log("tried"); throw new TypeError("no"); };';

test('invocation-async-retain-records: what failed three times goes to its destination, with the error', async () => {
  const it = keepingUndelivered(failing, 3600);
  await it.event({ of: 'a schedule' });
  await it.minutes(10);
  expect(it.letters()).toMatchObject([
    {
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-west-2:111122223333:function:vigil-test:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { of: 'a schedule' },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError' },
    },
  ]);
});

test('invocation-async-retain-records: the function’s role sends it, or it is lost', async () => {
  const it = keepingUndelivered(failing, 3600);
  it.account.denied.add('sqs:SendMessage');
  await it.event({});
  await it.minutes(10);
  expect(it.letters()).toEqual([]);
  expect(it.account.asked.at(-1)).toEqual({ action: 'sqs:SendMessage', resource: queueArn });
});

test('invocation-async-error-handling: an event that is too old is not tried again', async () => {
  const it = keepingUndelivered(failing, 60);
  await it.event({});
  await it.minutes(10);
  expect(it.tries()).toBe(1);
  expect(it.letters()).toMatchObject([
    { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 } },
  ]);
});

test.each([
  ['until it finds room', 600, 2, []],
  ['until it is too old', 60, 1, ['EventAgeExceeded']],
])('invocation-async-error-handling: one that finds no room waits %s', async (_how, seconds, tries, kept) => {
  const busy =
    'exports.handler = () => new Promise((r) => { console.log("tried"); setTimeout(r, 90_000); });';
  const it = keepingUndelivered(busy, seconds, { ReservedConcurrentExecutions: 1, Timeout: 120 });
  await it.event({});
  await it.event({});
  await it.minutes(20);
  expect(it.tries()).toBe(tries);
  expect(it.letters().map(({ requestContext }) => requestContext.condition)).toEqual(kept);
});

test('the SDK retries a throttled call as it does on AWS, then throws its own exception class', async () => {
  let calls = 0;
  const { account, invoke, undo } = aFunction(
    `const { DynamoDBClient, GetItemCommand, ProvisionedThroughputExceededException } = require('@aws-sdk/client-dynamodb');
     exports.handler = async () => {
       try { await new DynamoDBClient().send(new GetItemCommand({ TableName: 't', Key: {} })); }
       catch (error) { return error instanceof ProvisionedThroughputExceededException; }
     };`,
    () => {
      calls++;
      throw new AwsError('ProvisionedThroughputExceededException', 'slow down');
    },
  );
  const result = await account.done(invoke({}));
  undo();
  expect(payloadOf(result)).toBe(true);
  expect(calls).toBe(4);
});

test('a function that is not there, or a payload over 6 MB, is refused', async () => {
  const { account, invoke, undo } = aFunction('exports.handler = async () => 1;');
  await expect(account.done(invoke({}, { FunctionName: 'nothing' }))).rejects.toThrow('Function not found');
  await expect(account.done(invoke({ big: 'x'.repeat(7 * 1024 * 1024) }))).rejects.toThrow('6291456');
  undo();
});

test('gettingstarted-limits: a response over 6 MB is a function error', async () => {
  const { account, invoke, undo } = aFunction('exports.handler = async ({ size }) => "x".repeat(size);');
  const largest = await account.done(invoke({ size: 6 * 1024 * 1024 - 2 }));
  const tooLarge = await account.done(invoke({ size: 6 * 1024 * 1024 }));
  undo();
  expect(largest.FunctionError).toBeUndefined();
  expect(payloadOf(tooLarge).errorType).toBe('Function.ResponseSizeTooLarge');
});

test('configuration-concurrency: more at once than are reserved is TooManyRequestsException, until one has ended', async () => {
  const { account, invoke, undo } = aFunction(
    'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1000));',
    undefined,
    { ReservedConcurrentExecutions: 2 },
  );
  const all = Promise.allSettled([invoke({}), invoke({}), invoke({})]);
  const outcomes = (await account.done(all)).map((one) =>
    one.status === 'fulfilled' ? one.value.StatusCode : one.reason.name,
  );
  const after = await account.done(invoke({}));
  undo();
  expect(outcomes.sort()).toEqual([200, 200, 'TooManyRequestsException']);
  expect(after.StatusCode).toBe(200);
});
