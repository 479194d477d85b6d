/**
 * Amazon API Gateway HTTP API with Lambda proxy integrations.
 *
 * - Routes match method and path; `{name}` is one path segment; without a match 404 {"message":"Not Found"}.
 *   https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * - Payload format 2.0: lower-case headers, rawPath, requestContext.http; the query string apart from the path, repeated
 *   names joined with commas, and left out when there is none; a body that is not text or JSON comes base64-encoded,
 *   form posts among them; the cookies of a request in a list of their own, and those of a response likewise.
 *   https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * - A function that fails or takes longer than 30 seconds gives 500 or 503.
 *   https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
import { z } from 'zod';
import { inert } from '../engine/inert.ts';
import { type Account, type Payload, resource, type Service } from '../engine/service.ts';
import type { LambdaService } from './lambda/service.ts';

const longestMs = 30_000;

export type HttpRequest = {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Without it, this machine's. */
  sourceIp?: string;
};
type HttpResponse = {
  status: number;
  headers: Record<string, string>;
  /** One `Set-Cookie` each. */
  cookies?: string[];
  body: string;
};
export type HttpApiService = Service & {
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Whether a route has this path, whatever the method. */
  isRoute(path: string): boolean;
};

const apiProperties = z.strictObject({ Name: inert('a label', z.string()), ProtocolType: z.literal('HTTP') });
const stageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AutoDeploy: z.literal(true),
  AccessLogSettings: inert(
    'nobody keeps access logs here; that they hold no path is checked on the template',
    z.strictObject({ DestinationArn: z.string(), Format: z.string() }),
  ),
  DefaultRouteSettings: inert(
    'far above what the people of a ward send',
    z.strictObject({ ThrottlingBurstLimit: z.number(), ThrottlingRateLimit: z.number() }),
  ),
});
const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z
    .string()
    .regex(/^[A-Z]+ \/[\w{}/-]*$/, 'only METHOD /path/{name} is modelled')
    .refine((key) => !key.startsWith('ANY '), 'only METHOD /path/{name} is modelled'),
  Target: z.string(),
});

type Route = { key: string; method: string; pattern: RegExp; names: string[]; path: string; target: string };

function routeOf(key: string, target: string): Route {
  const [method, path] = key.split(' ') as [string, string];
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  return {
    key,
    method,
    path,
    names,
    target,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`),
  };
}

/** Undefined when the path holds a `%` that encodes nothing. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function queryOf(text: string): Payload {
  const parameters = new URLSearchParams(text);
  const names = [...new Set(parameters.keys())];
  return {
    rawQueryString: text,
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(
        names.map((name) => [name, parameters.getAll(name).join(',')]),
      ),
    }),
  };
}

const isText = (type: string) => /^(text\/|application\/(json|xml|javascript))/.test(type);

/** `endpoint`: where a server stands in front of the API; else a name that only this account knows. */
export function httpApi(account: Account, endpoint?: string): HttpApiService {
  const routes: Route[] = [];
  const functions = new Map<string, string>();
  let apiId = '';
  let requests = 0;

  const json = (status: number, message: string): HttpResponse => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  });

  function eventOf(route: Route, values: string[], request: HttpRequest, query: string): Payload {
    const { cookie, ...headers } = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const encode = request.body !== undefined && !isText(headers['content-type'] ?? '');
    return {
      version: '2.0',
      routeKey: route.key,
      rawPath: request.path,
      ...queryOf(query),
      ...(cookie && { cookies: cookie.split('; ') }),
      headers,
      pathParameters: Object.fromEntries(route.names.map((name, index) => [name, values[index]])),
      requestContext: {
        accountId: account.accountId,
        apiId,
        http: {
          method: request.method,
          path: request.path,
          protocol: 'HTTP/1.1',
          sourceIp: request.sourceIp ?? '127.0.0.1',
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: `http-${++requests}`,
        routeKey: route.key,
        stage: '$default',
        timeEpoch: account.clock.now(),
      },
      ...(request.body !== undefined && {
        body: encode ? Buffer.from(request.body).toString('base64') : request.body,
      }),
      isBase64Encoded: encode,
    };
  }

  function answerOf(result: Payload): HttpResponse {
    if (result.FunctionError) return json(500, 'Internal Server Error');
    const answer = JSON.parse(result.Payload);
    if (answer === null || typeof answer !== 'object' || answer.statusCode === undefined)
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
    const body = answer.isBase64Encoded
      ? Buffer.from(answer.body ?? '', 'base64').toString()
      : (answer.body ?? '');
    const { statusCode: status, headers = {}, cookies } = answer;
    return { status, headers, body, ...(cookies && { cookies }) };
  }

  async function request({ path: target, ...asked }: HttpRequest): Promise<HttpResponse> {
    const [path = '', ...query] = target.split('?');
    const route = routes.find(
      (candidate) => candidate.method === asked.method && candidate.pattern.test(path),
    );
    if (!route) return json(404, 'Not Found');
    const values = (route.pattern.exec(path) as RegExpExecArray).slice(1).map(decoded);
    if (values.includes(undefined)) return json(400, 'Bad Request');
    const functionArn = functions.get(route.target) as string;
    const source = `arn:aws:execute-api:${account.region}:${account.accountId}:${apiId}/$default/${route.method}${route.path}`;
    if (
      !account.service<LambdaService>('lambda').isPermitted(functionArn, 'apigateway.amazonaws.com', source)
    )
      return json(500, 'Internal Server Error');
    const event = eventOf(route, values as string[], { ...asked, path }, query.join('?'));
    const invoked = account
      .call({ name: 'http-api', roleArn: 'operator' }, 'lambda', 'Invoke', {
        FunctionName: functionArn,
        Payload: JSON.stringify(event),
      })
      .then(answerOf, () => json(500, 'Internal Server Error'));
    let timer = { cancel: () => {} };
    const late = new Promise<HttpResponse>((resolve) => {
      timer = account.clock.after(longestMs, () => resolve(json(503, 'Service Unavailable')));
    });
    const answer = await Promise.race([invoked, late]);
    timer.cancel();
    return answer;
  }

  return {
    id: 'http-api',
    operations: {},
    isRoute: (path) => routes.some(({ pattern }) => pattern.test(path)),
    request,
    resources: {
      'AWS::ApiGatewayV2::Api': resource(apiProperties, ({ logicalId }) => {
        apiId = logicalId.toLowerCase().slice(0, 10);
        const ApiEndpoint = endpoint ?? `https://${apiId}.execute-api.${account.region}.amazonaws.com`;
        return { ref: apiId, attributes: { ApiEndpoint, ApiId: apiId } };
      }),
      'AWS::ApiGatewayV2::Stage': { properties: stageProperties, create: () => ({ ref: '$default' }) },
      'AWS::ApiGatewayV2::Integration': resource(integrationProperties, ({ logicalId, properties }) => {
        functions.set(`integrations/${logicalId}`, properties.IntegrationUri);
        return { ref: logicalId };
      }),
      'AWS::ApiGatewayV2::Route': resource(routeProperties, ({ logicalId, properties }) => {
        routes.push(routeOf(properties.RouteKey, properties.Target));
        return { ref: logicalId };
      }),
    },
  };
}
