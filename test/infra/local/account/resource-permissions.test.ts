/**
 * Who may invoke a function by its resource policy, with the real Lambda model behind the HTTP API and EventBridge.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { install } from '../../../../infra/local/engine/determinism.ts';
import { events } from '../../../../infra/local/services/events.ts';
import { httpApi } from '../../../../infra/local/services/http-api.ts';
import { lambda } from '../../../../infra/local/services/lambda/service.ts';
import { fakeAccount } from '../fake-account.ts';

let undo = () => {};
afterEach(() => undo());

const functionArn = 'arn:aws:lambda:eu-west-2:111122223333:function:vigil-test';

/** A function that logs that it was called, behind a permission for one principal and source. */
function aFunction(Principal: string, SourceArn: string) {
  const bundles = mkdtempSync(join(tmpdir(), 'bundles-'));
  mkdirSync(join(bundles, 'asset.abc1'));
  writeFileSync(
    join(bundles, 'asset.abc1', 'index.js'),
    '"use strict";\nexports.handler = async () => { console.log("called"); return { statusCode: 200, body: "ok" }; };',
  );
  const account = fakeAccount();
  const service = account.add((it) => lambda(it, bundles));
  account.create('AWS::Lambda::Function', 'Fn', {
    FunctionName: 'vigil-test',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Code: { S3Bucket: 'assets', S3Key: 'abc1.zip' },
    Role: 'arn:aws:iam::111122223333:role/fn',
    Timeout: 30,
  });
  account.create('AWS::Lambda::Permission', 'Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: functionArn,
    Principal,
    SourceArn,
  });
  undo = install(account.clock, account.random('process'));
  return { account, service };
}

const gateway = 'apigateway.amazonaws.com';
const apis = 'arn:aws:execute-api:eu-west-2:111122223333';

test.each([
  ['the route, any stage and method', gateway, `${apis}:api/*/*/page/{pageId}`, 'GET', 200],
  ['the same for HEAD, which is routed', gateway, `${apis}:api/*/*/page/{pageId}`, 'HEAD', 200],
  ['one method, for this one', gateway, `${apis}:api/*/GET/page/{pageId}`, 'GET', 200],
  ['one method, for another', gateway, `${apis}:api/*/GET/page/{pageId}`, 'HEAD', 500],
  ['another route', gateway, `${apis}:api/*/*/report/{reportId}`, 'GET', 500],
  ['another API', gateway, `${apis}:other/*/*/page/{pageId}`, 'GET', 500],
  [
    'another account',
    gateway,
    'arn:aws:execute-api:eu-west-2:999999999999:api/*/*/page/{pageId}',
    'GET',
    500,
  ],
  ['another service', 'events.amazonaws.com', `${apis}:api/*/*/page/{pageId}`, 'GET', 500],
  ['a route, for a method without one', gateway, `${apis}:api/*/*/page/{pageId}`, 'POST', 404],
] as const)('HTTP API, a permission for %s', async (_what, principal, source, method, status) => {
  const { account, service } = aFunction(principal, source);
  const api = account.add((it) => httpApi(it));
  const { ref: ApiId } = account.create('AWS::ApiGatewayV2::Api', 'Api', { Name: 'a', ProtocolType: 'HTTP' });
  account.create('AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn,
    PayloadFormatVersion: '2.0',
  });
  for (const routed of ['GET', 'HEAD'])
    account.create('AWS::ApiGatewayV2::Route', routed, {
      ApiId,
      RouteKey: `${routed} /page/{pageId}`,
      Target: 'integrations/Integration',
    });
  expect(await account.done(api.request({ method, path: '/page/x' }))).toMatchObject({ status });
  expect(service.logs).toHaveLength(status === 200 ? 1 : 0);
  expect(account.clock.nextAt()).toBeUndefined();
});

const rules = 'arn:aws:events:eu-west-2:111122223333:rule';

test.each([
  ['the rule', 'events.amazonaws.com', `${rules}/ended-badly`, 1],
  ['another rule', 'events.amazonaws.com', `${rules}/ended-badly-elsewhere`, 0],
  ['another service', gateway, `${rules}/ended-badly`, 0],
] as const)('EventBridge, a permission for %s', async (_what, principal, source, calls) => {
  const { account, service } = aFunction(principal, source);
  const bus = account.add(events);
  account.create('AWS::Events::Rule', 'Rule', {
    Name: 'ended-badly',
    State: 'ENABLED',
    EventPattern: { source: ['aws.states'], 'detail-type': ['x'] },
    Targets: [{ Id: 'T', Arn: functionArn }],
  });
  bus.emit({ source: 'aws.states', 'detail-type': 'x', detail: {} });
  await account.clock.run(account.clock.now() + 60_000);
  expect(service.logs).toHaveLength(calls);
});
