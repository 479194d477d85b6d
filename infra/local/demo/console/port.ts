/** The port of the console: taken before anything else is begun, and answered from that moment on. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from '../../../../handlers/web/html.ts';
import { InputError } from '../../../input-error.ts';
import { consoleHeaders, consolePage } from './page.ts';

const highestPort = 65_535;
/** Below it only the superuser may listen. */
const firstFreePort = 1024;

function sayStarting(request: IncomingMessage, response: ServerResponse): void {
  const body = consolePage({
    title: 'Vigil is starting',
    body: html`<div class="card"><p>The hospital is being set up: its template, roster and mail subscriptions. This takes a few seconds; then the console appears here by itself.</p></div>`,
    refreshSeconds: 1,
  });
  response.writeHead(503, { ...consoleHeaders, 'retry-after': '1' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refusal(port: number, { code }: NodeJS.ErrnoException): string | undefined {
  const why = { EADDRINUSE: 'taken', EACCES: 'not allowed' }[code ?? ''];
  const other = port < firstFreePort || port === highestPort ? 8080 : port + 1;
  return why && `Port ${port} is ${why}. Choose another: npm start -- --port ${other}`;
}

/** Takes the port of 127.0.0.1; 0 takes any free one. Until the console answers, every request hears that Vigil is starting. */
export function takePort(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer(sayStarting);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const sentence = refusal(port, error);
      reject(sentence ? new InputError(sentence) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}
