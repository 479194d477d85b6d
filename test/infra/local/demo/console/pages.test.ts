import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asOperator } from '../../../../../infra/local/account/account.ts';
import { Conductor } from '../../../../../infra/local/demo/console/conductor.ts';
import { controls } from '../../../../../infra/local/demo/console/controls.ts';
import { oneExecution } from '../../../../../infra/local/demo/console/execution.ts';
import { addressOfExecution, executions } from '../../../../../infra/local/demo/console/executions.ts';
import { allMails, mailbox, oneMail } from '../../../../../infra/local/demo/console/mailbox.ts';
import { takePort } from '../../../../../infra/local/demo/console/port.ts';
import { latestReport } from '../../../../../infra/local/demo/console/report.ts';
import { serveConsole } from '../../../../../infra/local/demo/console/server.ts';
import type { View, Watched } from '../../../../../infra/local/demo/console/watched.ts';
import { aWard, hospital, type Ward } from '../../../../end-to-end/ward.ts';
import { textOf } from '../../../../handlers/answering/browser.ts';

let ward: Ward;
let watched: Watched;

beforeEach(async () => {
  ward = await aWard();
  const { vigil } = ward;
  watched = {
    account: vigil,
    hospital,
    table: 'vigil-production',
    conductor: new Conductor(vigil.clock, () => false),
    told: () => 0,
    sendCritical: async () => {},
  };
});
afterEach(() => ward.vigil.stop());

const visit = (address: string): View => {
  const [path = '/', query] = address.split('?');
  return { path, query: new URLSearchParams(query) };
};
const links = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map(([, to]) => to as string);
const buttons = (html: string) => [...html.matchAll(/<button[^>]*>([^<]*)</g)].map(([, label]) => label);

describe('mails and executions', () => {
  beforeEach(async () => {
    await ward.measure(188, 112);
    await ward.seconds(5 * 60);
    await ward.measure(187, 111);
    await ward.seconds(10);
  });

  test('a mail leads to the execution that carries its alert, not to one that only joined; and back', () => {
    const [carrying, joined] = ward.executions();
    const [mail] = ward.pages();
    const index = ward.mails().indexOf(mail as NonNullable<typeof mail>);
    const page = oneMail(watched, visit(`/mails/${index}`), index) as string;
    expect(links(page)).toContain(`/executions/${carrying?.name}`);
    expect(page).not.toContain(joined?.name);
    for (const one of [carrying, joined])
      expect(links(oneExecution(watched, visit('/executions/x'), one?.name ?? '') as string)).toContain(
        `/mails/${index}`,
      );
  });

  test('a link in a mail opens a tab of its own, and says so', () => {
    const page = oneMail(
      watched,
      visit('/mails/x'),
      ward.mails().indexOf(ward.pages()[0] as never),
    ) as string;
    expect(page).toMatch(/<a href="https:\/\/[^"]+\/page\/[^"]+" target="_blank" rel="noopener">/);
    expect(textOf(page)).toContain('(opens in a new tab)');
  });

  test('an execution says until when it waits, what it calls, its ARN, and that time ran out', () => {
    const [carrying] = ward.executions();
    const page = textOf(oneExecution(watched, visit('/executions/x'), carrying?.name ?? '') as string);
    const until = ward.openAlert().standing.deadline.slice(11, 19);
    expect(page).toContain(`in progress , waits until ${until}`);
    expect(page).toContain('lambda:invoke.waitForTaskToken vigil-production-page-clinicians');
    expect(page).toContain(carrying?.executionArn);
    expect(page).toMatch(/Page nurse [^,]*Result timed out, moved on/);
    expect(page).not.toMatch(/error handled Duration/);
  });

  test('the list shows how long each took, and those of one status when asked', () => {
    const [carrying, joined] = ward.executions();
    const all = executions(watched, visit('/executions'));
    expect(textOf(all)).toMatch(/5 min \d+ s/);
    expect(links(all)).toContain('/executions?status=RUNNING');
    const running = executions(watched, visit('/executions?status=RUNNING'));
    expect(running).toContain(carrying?.name);
    expect(running).not.toContain(joined?.name);
  });

  test('of one that only joined, the list says so, and which alert', () => {
    const [carrying, joined] = ward.executions();
    const rows = executions(watched, visit('/executions')).split('<li>');
    const rowOf = (name = 'none') => textOf(rows.find((row) => row.includes(`>${name}<`)) ?? '');
    expect(rowOf(joined?.name)).toContain(`joined VG ${ward.alert().reference}`);
    expect(rowOf(joined?.name)).not.toContain('SUCCEEDED');
    expect(rowOf(carrying?.name)).toMatch(/RUNNING/);
    expect(rowOf(carrying?.name)).not.toContain('joined');
  });

  test('the page that waits is one step away', () => {
    const { html } = controls(watched, visit('/'));
    const newest = ward.mails().length - 1;
    expect(html).toContain(
      `<a href="/mails/${newest}"><strong class="current">A page is waiting for an answer`,
    );
  });
});

test('the latest twenty mails are shown, all of them when asked', async () => {
  await ward.measure(188, 112);
  await ward.seconds(3 * 60 * 60);
  const count = ward.mails().filter(({ subject }) => !subject.startsWith('AWS Notification')).length;
  expect(count).toBeGreaterThan(25);
  const page = mailbox(watched, visit('/'));
  expect(links(page).filter((to) => to.startsWith('/mails/'))).toHaveLength(21);
  expect(textOf(page)).toContain(`All mails, including ${count - 20} older ones`);
  expect(links(allMails(watched)).filter((to) => to.startsWith('/mails/'))).toHaveLength(count);
});

test('the latest fifty executions are shown, all of them when asked', async () => {
  for (let reading = 0; reading < 53; reading++) {
    await ward.measure(188, 112);
    await ward.seconds(10);
  }
  const shown = (address: string) =>
    links(executions(watched, visit(address))).filter((to) => to.startsWith('/executions/')).length;
  expect([shown('/executions'), shown('/executions?all')]).toEqual([50, 53]);
  expect(textOf(executions(watched, visit('/executions?status=SUCCEEDED')))).toContain(
    'Show 2 older ones too',
  );
});

test('a name that two executions have leads to both', async () => {
  const nightly = ward.vigil.outputs.NightlyReportArn ?? '';
  for (const stateMachineArn of [nightly, nightly.replace('nightly-report', 'escalation')]) {
    await asOperator(ward.vigil, 'sfn', 'StartExecution', { stateMachineArn, name: 'twice', input: '{}' });
    await ward.seconds(1);
  }
  const [older, newer] = ward.sfn.executions().filter(({ name }) => name === 'twice');
  expect([older, newer].map((one) => one && addressOfExecution(watched, one))).toEqual([
    `/executions/twice?started=${older?.startDate}`,
    '/executions/twice',
  ]);
  const page = oneExecution(
    watched,
    visit(`/executions/twice?started=${older?.startDate}`),
    'twice',
  ) as string;
  expect(links(page)).toContain('/executions/twice');
});

describe('the clock', () => {
  test('buttons say where they lead', () => {
    expect(buttons(controls(watched, visit('/')).html)).toContain('To the report (Tue 06:20)');
    expect(textOf(latestReport(watched, visit('/latest-report')))).toContain('It will be here at Tue 06:20');
  });

  test('while it hurries it says where to, and has only what works', () => {
    void watched.conductor.hurry('Tue 06:20', Number.POSITIVE_INFINITY);
    const { html } = controls(watched, visit('/'));
    expect(textOf(html)).toContain('Fast-forwarding to Tue 06:20 ...');
    expect(buttons(html)).toEqual(['Stop here', 'Send a critical reading']);
  });

  test('a mail asks for itself again only while the clock hurries, or its buttons would be of the past', async () => {
    await ward.measure(188, 112);
    await ward.seconds(20);
    const index = ward.mails().length - 1;
    const refreshes = (address: string) =>
      (oneMail(watched, visit(address), index) as string).includes('http-equiv="refresh"');
    expect(refreshes('/mails/x')).toBe(false);
    void watched.conductor.hurry('Tue 06:20', Number.POSITIVE_INFINITY);
    expect([refreshes('/mails/x'), refreshes('/mails/x?still')]).toEqual([true, false]);
  });
});

describe('over HTTP', () => {
  let port: number;
  let close: () => void;
  beforeEach(async () => {
    const taken = await takePort(0);
    serveConsole(taken.server, watched);
    port = taken.port;
    close = () => {
      taken.server.close();
      taken.server.closeAllConnections();
    };
  });
  afterEach(() => close());

  const send = (method: string, path: string, body = '') =>
    new Promise<{
      status: number | undefined;
      type: string | undefined;
      location: string | undefined;
      text: string;
    }>((resolve, reject) => {
      const headers = {
        origin: `http://127.0.0.1:${port}`,
        'content-type': 'application/x-www-form-urlencoded',
      };
      const sent = request({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
        const text = (await response.setEncoding('utf8').toArray()).join('');
        const { 'content-type': type, location } = response.headers;
        resolve({ status: response.statusCode, type, location, text });
      });
      sent.on('error', reject).end(body);
    });

  test.each(['/nonsense', '/mails/999', '/executions/nope', '/page'])(
    '%s is a page that leads back',
    async (path) => {
      const { status, text } = await send('GET', path);
      expect([status, textOf(text)]).toEqual([404, expect.stringContaining('There is nothing here')]);
      expect(links(text)).toEqual(expect.arrayContaining(['/', '/executions', '/latest-report']));
    },
  );

  test('what the API alone may answer keeps its JSON', async () => {
    expect(await send('POST', '/nonsense')).toMatchObject({ status: 404, type: 'application/json' });
    expect(await send('PUT', '/page/x')).toMatchObject({ status: 404, type: 'application/json' });
  });

  test.each([
    ['/?still', '/?still'],
    ['/executions?status=RUNNING&still', '/executions?status=RUNNING&still'],
    ['//elsewhere.example', '/'],
    ['https://elsewhere.example', '/'],
    ['/\\elsewhere.example', '/'],
    ['/x?to=//elsewhere.example', '/'],
  ])('a button that was pressed on %s leads to %s', async (back, expected) => {
    const { status, location } = await send(
      'POST',
      '/console',
      String(new URLSearchParams({ action: 'pause', back })),
    );
    expect([status, location]).toEqual([303, expected]);
  });

  test('a button of a held page comes back to it', async () => {
    const { text } = await send('GET', '/executions?status=RUNNING&still');
    expect(text).toContain('name="back" value="/executions?status=RUNNING&amp;still"');
    expect(text).not.toContain('http-equiv="refresh"');
  });
});
