/** Conformance with https://docs.aws.amazon.com/apigateway/latest/developerguide/ (pages named by each test). */
import { expect, test } from 'vitest';
import type { Payload, Service } from '../../../../infra/local/engine/service.ts';
import { httpApi } from '../../../../infra/local/services/http-api.ts';
import { fakeAccount } from '../fake-account.ts';

function anApi(
  answer: (event: Payload) => Payload = () => ({ statusCode: 200, body: 'ok' }),
  permitted = true,
) {
  const account = fakeAccount();
  const events: Payload[] = [];
  account.add(
    () =>
      ({
        id: 'lambda',
        resources: {},
        isPermitted: () => permitted,
        operations: {
          Invoke: {
            options: ['FunctionName', 'InvocationType', 'Payload'],
            permissions: () => [],
            async run(input: Payload) {
              const event = JSON.parse(input.Payload);
              events.push(event);
              const result = await answer(event);
              return result instanceof Error
                ? { FunctionError: 'Unhandled', Payload: '{}' }
                : { Payload: JSON.stringify(result) };
            },
          },
        },
      }) as unknown as Service,
  );
  const service = account.add((it) => httpApi(it));
  const ApiId = account.create('AWS::ApiGatewayV2::Api', 'Api', { Name: 'a', ProtocolType: 'HTTP' }).ref;
  account.create('AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: 'arn:fn',
    PayloadFormatVersion: '2.0',
  });
  for (const method of ['GET', 'POST'])
    account.create('AWS::ApiGatewayV2::Route', method, {
      ApiId,
      RouteKey: `${method} /page/{pageId}`,
      Target: 'integrations/Integration',
    });
  const request = (method: string, path: string, more: Payload = {}) =>
    account.done(service.request({ method, path, ...more }));
  return { account, request, events };
}

test('http-api-develop-routes: method and path choose the route, and path parameters are decoded', async () => {
  const { request, events } = anApi();
  expect(await request('GET', '/page/a%2Fb')).toMatchObject({ status: 200, body: 'ok' });
  expect(events[0]).toMatchObject({
    version: '2.0',
    routeKey: 'GET /page/{pageId}',
    pathParameters: { pageId: 'a/b' },
    requestContext: { http: { method: 'GET', sourceIp: '127.0.0.1' } },
  });
});

test('http-api-develop-integrations-lambda: the address is the connection’s, whatever a header says', async () => {
  const { request, events } = anApi();
  await request('GET', '/page/x', { sourceIp: '192.0.2.1', headers: { 'X-Forwarded-For': '192.0.2.2' } });
  expect(events[0].requestContext.http.sourceIp).toBe('192.0.2.1');
});

test('http-api-develop-integrations-lambda: the query is apart from the path, repeated names joined; without one there is none', async () => {
  const { request, events } = anApi();
  await request('GET', '/page/x?utm=mail&a=1&a=2');
  await request('GET', '/page/x');
  expect(events[0]).toMatchObject({
    rawPath: '/page/x',
    rawQueryString: 'utm=mail&a=1&a=2',
    queryStringParameters: { utm: 'mail', a: '1,2' },
    pathParameters: { pageId: 'x' },
  });
  expect(events[1].rawQueryString).toBe('');
  expect(events[1]).not.toHaveProperty('queryStringParameters');
});

test('a path that is not well encoded reaches no function', async () => {
  const { request, events } = anApi();
  expect(await request('GET', '/page/%zz')).toMatchObject({ status: 400 });
  expect(events).toEqual([]);
});

test('http-api-quotas: a function that takes longer than 30 seconds is 503', async () => {
  const { account, request } = anApi(() => new Promise(() => {}));
  const begun = account.clock.now();
  expect(await request('GET', '/page/x')).toMatchObject({
    status: 503,
    body: '{"message":"Service Unavailable"}',
  });
  expect(account.clock.now() - begun).toBe(30_000);
});

test('http-api-develop-routes: a catch-all route is refused, not modelled', () => {
  const { account } = anApi();
  for (const RouteKey of ['$default', 'ANY /page', 'GET /{proxy+}'])
    expect(() =>
      account.create('AWS::ApiGatewayV2::Route', 'R', { ApiId: 'a', RouteKey, Target: 'integrations/x' }),
    ).toThrow('METHOD /path');
});

test.each([
  ['another path', 'GET', '/pages/x'],
  ['a longer path', 'GET', '/page/x/y'],
  ['a method without a route', 'HEAD', '/page/x'],
])('http-api-develop-routes: %s is 404', async (_what, method, path) => {
  expect(await anApi().request(method, path)).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
});

test('http-api-develop-integrations-lambda: a form comes base64-encoded, JSON as text, header names in lower case', async () => {
  const { request, events } = anApi();
  await request('POST', '/page/x', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'pin=1',
  });
  await request('POST', '/page/x', { headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(events.map((event) => [event.isBase64Encoded, event.body])).toEqual([
    [true, Buffer.from('pin=1').toString('base64')],
    [false, '{}'],
  ]);
  expect(Object.keys(events[0].headers)).toEqual(['content-type']);
});

test('http-api-develop-integrations-lambda: cookies come as a list of their own, and go as one', async () => {
  const { request, events } = anApi(() => ({ statusCode: 200, body: '', cookies: ['a=1; Secure', 'b=2'] }));
  const answer = await request('GET', '/page/x', { headers: { Cookie: 'c=3; d=4', accept: '*/*' } });
  expect(answer).toMatchObject({ cookies: ['a=1; Secure', 'b=2'] });
  expect(events[0]).toMatchObject({ cookies: ['c=3', 'd=4'], headers: { accept: '*/*' } });
  expect(events[0].headers).not.toHaveProperty('cookie');
  await request('GET', '/page/x');
  expect(events[1]).not.toHaveProperty('cookies');
});

test('http-api-troubleshooting-lambda: a function that fails, or may not be invoked, is 500', async () => {
  const failing = await anApi(() => new Error('no')).request('GET', '/page/x');
  const forbidden = await anApi(undefined, false).request('GET', '/page/x');
  for (const response of [failing, forbidden])
    expect(response).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
});
