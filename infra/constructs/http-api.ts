/** The HTTP API behind the links in mails: explicit routes only, and a log of routes, never of paths, which hold secrets. */
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { encryptedLog } from './encrypted-log.ts';
import type { Encryption } from './encryption.ts';

/** HEAD is what mail scanners send first; the functions answer it as they answer GET, without a body. */
const methods = ['GET', 'HEAD', 'POST'];

/** A function behind it checks PINs: each is 24 ms of one vCPU (scrypt, 16 MiB), and a slow answer is clicked twice. */
export const pageSettings = ({ pageConcurrency }: StageSettings) => ({
  memoryMiB: 1024,
  timeoutSeconds: 10,
  reservedConcurrency: pageConcurrency,
});

export class HttpApi extends Construct {
  /** `https://...`, without a slash at the end. */
  readonly url: string;
  readonly name: string;
  private readonly api: CfnApi;

  constructor(scope: Construct, stage: StageSettings, encryption: Encryption) {
    super(scope, 'HttpApi');
    this.name = `vigil-${stage.name}-answers`;
    this.api = new CfnApi(this, 'Api', { name: this.name, protocolType: 'HTTP' });
    const logName = `/aws/vendedlogs/http-api/${this.name}`;
    const log = encryptedLog(this, { encryption }, 'AccessLog', logName);
    new CfnStage(this, 'Stage', {
      apiId: this.api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        destinationArn: log.logGroupArn,
        format: JSON.stringify({
          requestId: '$context.requestId',
          at: '$context.requestTime',
          route: '$context.routeKey',
          status: '$context.status',
          latencyMs: '$context.responseLatency',
        }),
      },
      // For all sources together, as HTTP APIs have no other: what one of them is let through is the functions' to say
      // (decisions/0015). It caps what a flood can cost, 1.20 US dollars a million requests: a hundred a day.
      defaultRouteSettings: { throttlingBurstLimit: 1000, throttlingRateLimit: 1000 },
    });
    this.url = this.api.attrApiEndpoint;
  }

  /** Lets the function answer GET, HEAD and POST on this path. */
  serve(id: string, path: string, handler: IFunction): void {
    const integration = new CfnIntegration(this, `${id}Integration`, {
      apiId: this.api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: handler.functionArn,
      payloadFormatVersion: '2.0',
    });
    for (const method of methods)
      new CfnRoute(this, `${id}${method}`, {
        apiId: this.api.ref,
        routeKey: `${method} ${path}`,
        target: `integrations/${integration.ref}`,
      });
    new CfnPermission(this, `${id}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        account: Aws.ACCOUNT_ID,
        resource: this.api.ref,
        resourceName: `*/*${path}`,
      }),
    });
  }
}
