/**
 * The local account on 127.0.0.1: the HTTP API itself under its own paths, and beside it the console. Looking changes
 * nothing; only a form of the console's own pages steers the clock.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as realSleep } from 'node:timers/promises';
import { html } from '../../../../handlers/web/html.ts';
import type { HttpApiService } from '../../services/http-api.ts';
import { buttonAction } from './controls.ts';
import { oneExecution } from './execution.ts';
import { executions } from './executions.ts';
import { allMails, mailbox, oneMail } from './mailbox.ts';
import { consoleHeaders, consolePage } from './page.ts';
import { latestReport } from './report.ts';
import type { View, Watched } from './watched.ts';

/** What a button does is often done by then, and the page that comes back shows it; what takes longer is shown as it runs. */
const patienceMs = 1500;
/** Far more than any form of ours. */
const longestBodyBytes = 64 * 1024;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > longestBodyBytes) throw new Error('the request is too long');
  }
  return body;
}

function pageAt(watched: Watched, view: View): string | undefined {
  const { path } = view;
  if (path === '/') return mailbox(watched, view);
  if (path === '/mails') return allMails(watched);
  if (path === '/executions') return executions(watched, view);
  if (path === '/latest-report') return latestReport(watched, view);
  const [, folder, name = ''] = /^\/(mails|executions)\/([\w.-]+)$/.exec(path) ?? [];
  if (folder === 'mails') return oneMail(watched, view, Number(name));
  return folder === 'executions' ? oneExecution(watched, view, name) : undefined;
}

const nothingHere = () =>
  consolePage({
    title: 'There is nothing here',
    tab: '',
    body: html`<div class="card"><p>No mail, execution or page has this address; it may be from an earlier run. <a href="/">To the mailbox</a></p></div>`,
  });

/** Only names of this machine: a foreign name that resolves here must not read the mails. */
const isOwnHost = (host: string | undefined) => /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '');

/** Whether a form was sent by a page of this very server; browsers say so with every POST. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return headers.origin === `http://${headers.host}` && (site === undefined || site === 'same-origin');
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

/** A path of this server, and a query such as the console's own. */
const ownAddress = /^\/(?!\/)[\w./-]*(\?[\w=&-]+)?$/;

async function press(watched: Watched, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const action = buttonAction(form.get('action'));
  if (!action) return refuse(response, 400, 'There is no such button');
  const done = Promise.resolve(action(watched));
  done.catch(() => {});
  await Promise.race([done, realSleep(patienceMs)]);
  const back = form.get('back') ?? '';
  response.writeHead(303, { location: ownAddress.test(back) ? back : '/' }).end();
}

async function respond(watched: Watched, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = request;
  if (!isOwnHost(headers.host)) return refuse(response, 421, 'Vigil answers as 127.0.0.1 and localhost only');
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (!url) return refuse(response, 400, 'This is no address');
  const { pathname: path, search, searchParams } = url;
  if (method === 'POST' && path === '/console') {
    if (!isSameOrigin(request)) return refuse(response, 403, 'Only a page of this console has these buttons');
    return press(watched, request, response);
  }
  const isLook = method === 'GET' || method === 'HEAD';
  const api = watched.account.service<HttpApiService>('http-api');
  if (isLook && !api.isRoute(path)) {
    const own = pageAt(watched, { path, query: searchParams });
    response.writeHead(own === undefined ? 404 : 200, consoleHeaders);
    response.end(method === 'HEAD' ? undefined : (own ?? nothingHere()));
    return;
  }
  const body = await bodyOf(request);
  const passed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const answer = await watched.conductor.ask(() =>
    api.request({ method, path: `${path}${search}`, headers: passed, body }),
  );
  const cookies = answer.cookies && { 'set-cookie': answer.cookies };
  response
    .writeHead(answer.status, { ...answer.headers, ...cookies })
    .end(method === 'HEAD' ? undefined : answer.body);
}

/** From now on the console answers, and nothing else does. */
export function serveConsole(server: Server, watched: Watched): void {
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    respond(watched, request, response).catch((error: Error) => {
      if (response.headersSent) response.end();
      else refuse(response, 500, `The local account failed: ${error.message}`);
    });
  });
}
