import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import * as clients from '../../../handlers/aws/clients.ts';

/** They take requests, and never answer; Kinesis alone speaks HTTP/2. */
const silent = { 'http/1.1': createServer(() => {}), h2: createHttp2Server(() => {}) };
beforeAll(() =>
  Promise.all(
    Object.values(silent).map(
      (server) => new Promise<void>((listening) => server.listen(0, listening).unref()),
    ),
  ),
);

// biome-ignore lint/suspicious/noExplicitAny: the request handlers of eight clients
const handlers: [string, () => any][] = Object.entries(clients).map(([name, client]) => [
  name,
  () => client().config.requestHandler,
]);

/** A call that hangs, given up after a time of its own. */
// biome-ignore lint/suspicious/noExplicitAny: one of the eight
const hang = (handler: any, requestTimeout: number) =>
  handler.handle(
    {
      protocol: 'http:',
      hostname: 'localhost',
      port: (silent[handler.metadata.handlerProtocol as keyof typeof silent].address() as AddressInfo).port,
      method: 'POST',
      path: '/',
      headers: {},
      query: {},
    },
    { requestTimeout },
  );

test.each(handlers)(
  '%s: three attempts that hang leave a function of 10 s time for one that works',
  async (_name, of) => {
    const handler = of();
    // What it was built with is known from the first call on.
    await hang(handler, 1).catch(() => {});
    const { requestTimeout, connectionTimeout = 0 } = handler.httpHandlerConfigs();
    expect(requestTimeout).toBeGreaterThanOrEqual(1000);
    expect(3 * requestTimeout).toBeLessThan(10_000);
    expect(connectionTimeout).toBeLessThan(requestTimeout);
  },
);

test.each(handlers)('%s: an attempt that hangs is an error, which the SDK tries again', async (_name, of) => {
  await expect(hang(of(), 20)).rejects.toMatchObject({ name: 'TimeoutError' });
});
