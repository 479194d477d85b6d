/**
 * The local account on 127.0.0.1: the HTTP API itself under its own paths, and beside it the mailbox and the executions
 * as the Step Functions console would list them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InputError } from '../../input-error.ts';
import type { LocalAccount } from '../account.ts';
import type { HttpApiService } from '../services/http-api.ts';
import type { SnsService } from '../services/sns.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';
import { html, page } from './html.ts';

const refreshSeconds = 5;

const instant = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** The mail's text with its links working. */
function linked(text: string) {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => (index % 2 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

function mailbox(account: LocalAccount): string {
  const mails = account.service<SnsService>('sns').mailbox;
  const rows = mails
    .map((mail, index) => ({ mail, index }))
    .reverse()
    .map(
      ({ mail, index }) =>
        html`<tr><td>${instant(mail.at)}</td><td>${mail.to}</td><td><a href="/mails/${index}">${mail.subject}</a></td></tr>`,
    );
  const body = html`<p class="soft">Virtual time ${instant(account.clock.now())} UTC</p>
<form method="post" action="/critical-reading"><button>Send a critical reading</button></form>
<table><tr><th>Sent</th><th>To</th><th>Subject</th></tr>${rows}</table>`;
  return page('Mailbox', body, refreshSeconds);
}

function mail(account: LocalAccount, index: number): string | undefined {
  const found = account.service<SnsService>('sns').mailbox[index];
  if (!found) return undefined;
  return page(
    found.subject,
    html`<p>To ${found.to}, ${instant(found.at)}</p><pre>${linked(found.text)}</pre>`,
  );
}

function executions(account: LocalAccount): string {
  const list = account.service<StepFunctionsService>('sfn').executions();
  const rows = [...list]
    .reverse()
    .map(
      (execution) =>
        html`<tr><td><a href="/executions/${encodeURIComponent(execution.name)}">${execution.name}</a></td><td>${execution.status}</td><td>${instant(execution.startDate)}</td></tr>`,
    );
  const body = html`<table><tr><th>Name</th><th>Status</th><th>Started</th></tr>${rows}</table>`;
  return page('Executions', body, refreshSeconds);
}

function execution(account: LocalAccount, name: string): string | undefined {
  const service = account.service<StepFunctionsService>('sfn');
  const found = service.executions().find((candidate) => candidate.name === name);
  if (!found) return undefined;
  const history = service.history(found.executionArn);
  const states = history
    .filter((event) => event.type.endsWith('StateEntered'))
    .map(
      (event) =>
        html`<tr><td>${instant(event.timestamp).slice(11)}</td><td>${event.details?.name}</td><td><pre>${event.details?.input}</pre></td></tr>`,
    );
  const events = history.map(
    (event) =>
      html`<tr><td>${event.id}</td><td>${instant(event.timestamp)}</td><td>${event.type}</td><td>${event.details ? JSON.stringify(event.details) : ''}</td></tr>`,
  );
  const body = html`<p>${found.status}</p><h2>Input</h2><pre>${found.input}</pre><h2>Output</h2><pre>${found.output ?? 'none yet'}</pre>
<h2>States</h2><div class="wide"><table><tr><th>Entered</th><th>State</th><th>Input</th></tr>${states}</table></div>
<details><summary>All ${history.length} events of the history</summary><div class="wide"><table><tr><th>Id</th><th>Time</th><th>Event</th><th>Details</th></tr>${events}</table></div></details>`;
  return page(found.name, body, found.status === 'RUNNING' ? refreshSeconds : undefined);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function consolePage(account: LocalAccount, path: string): string | undefined {
  if (path === '/') return mailbox(account);
  if (path === '/executions') return executions(account);
  const [, folder, name] = /^\/(mails|executions)\/([^/]+)$/.exec(path) ?? [];
  if (folder === 'mails') return mail(account, Number(name));
  return folder === 'executions' ? execution(account, decodeURIComponent(name as string)) : undefined;
}

async function respond(
  account: LocalAccount,
  sendCriticalReading: () => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  if (method === 'POST' && path === '/critical-reading') {
    await sendCriticalReading();
    response.writeHead(303, { location: '/' }).end();
    return;
  }
  const own = method === 'GET' ? consolePage(account, path) : undefined;
  if (own !== undefined) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(own);
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = await bodyOf(request);
  const answer = await account.service<HttpApiService>('http-api').request({ method, path, headers, body });
  response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
}

/** Listens on 127.0.0.1; port 0 takes any free one. */
export function serveConsole(
  account: LocalAccount,
  port: number,
  sendCriticalReading: () => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    respond(account, sendCriticalReading, request, response).catch((error: Error) => {
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(`The local account failed: ${error.message}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new InputError(
              `Port ${port} is taken. Stop what uses it, or choose another: npm start -- --port 8081`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
