import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { takePort } from '../../../../../infra/local/demo/console/port.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listening(): Promise<{ server: Server; port: number }> {
  const taken = await takePort(0);
  open.push(taken.server);
  return taken;
}

test('from the moment that the port is taken, a request hears that Vigil is starting, and asks again', async () => {
  const { port } = await listening();
  const response = await fetch(`http://127.0.0.1:${port}/executions`);
  const text = await response.text();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(text).toContain('<h1>Vigil is starting</h1>');
  expect(text).toContain('<meta http-equiv="refresh" content="1">');
  expect(text).not.toContain('href="/executions"');
});

test('of a taken port the next one is proposed, and of one for superusers only, 8080', async () => {
  const { port } = await listening();
  await expect(takePort(port)).rejects.toThrow(
    `Port ${port} is taken. Choose another: npm start -- --port ${port + 1}`,
  );
  const low = createServer();
  const allowed = await new Promise<boolean>((resolve) =>
    low.once('error', () => resolve(false)).listen(1023, '127.0.0.1', () => resolve(true)),
  );
  open.push(low);
  await expect(takePort(1023)).rejects.toThrow(
    `Port 1023 is ${allowed ? 'taken' : 'not allowed'}. Choose another: npm start -- --port 8080`,
  );
});
