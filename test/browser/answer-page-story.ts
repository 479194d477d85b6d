/**
 * The pages behind a nurse's link, served to a real browser: registers its hooks, and gives the ways to each page. The nurse
 * has just been asked, and has not answered.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type Alert, responsible } from '../../handlers/alert/alert.ts';
import { requestsOf } from '../../handlers/alert/ask.ts';
import { stepOf } from '../../handlers/alert/mails.ts';
import { newPage } from '../../handlers/alert/page.ts';
import { handler } from '../../handlers/answer-page.ts';
import { StoredAlert } from '../../handlers/aws/dynamodb/alert-store.ts';
import { hashed } from '../../handlers/naming/hashed.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { hashPin, pepperOf } from '../../handlers/runtime/pin.ts';
import {
  aClaim,
  aDeviceAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  minute,
  nurse,
  seenAs,
  someVitals,
  stored,
  when,
  whenRaised,
} from '../handlers/alert/builders.ts';
import { useTries } from '../handlers/answering/tries.ts';
import { aRoster, aRotation } from '../handlers/on-call/builders.ts';
import { LocalAws, rootKey } from '../local-aws.ts';
import { launchBrowser } from './launch.ts';

const link = 'a'.repeat(22);
export const pin = '204817';

/** What the present story has. */
export const served = {
  aws: undefined as unknown as LocalAws,
  browser: undefined as unknown as Browser,
  url: '',
};

export const ownerNow = () =>
  responsible(StoredAlert.parse(served.aws.items.get('PATIENT#p-7')).alert)?.clinicianId;

/** What a guesser leaves behind who had the newest page. */
export const useUpTries = () => useTries(served.aws.items, 'PIN#nurse-1', 'newestPage');

export function serveAnswerPages(): void {
  let server: Server;
  let launched: Awaited<ReturnType<typeof launchBrowser>> | undefined;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { cookie } = request.headers;
      const { statusCode, headers, body, cookies } = await handler({
        requestContext: { http: { method: request.method } },
        pathParameters: { pageId: request.url?.split('/').at(-1) },
        ...(cookie && { cookies: cookie.split('; ') }),
        body: await text(request),
      });
      response.writeHead(statusCode, { ...headers, ...(cookies && { 'set-cookie': cookies }) }).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page/${link}`;
    launched = await launchBrowser();
    served.browser = launched.browser;
  });

  afterAll(async () => {
    await launched?.close();
    server?.close();
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(minute(1)) });
    for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
    vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
      metrics.clearMetrics();
      return metrics;
    });
    const pinHash = await hashPin(pin, pepperOf(rootKey), Buffer.from('salt'));
    const wards = [{ id: 'ward-001', name: 'Heron Ward, adult medicine and short stay' }];
    const rotations = (['nurse', 'doctor', 'lead'] as const).map((role) =>
      aRotation({ role, order: [`${role}-1`] }),
    );
    served.aws = new LocalAws(aRoster({ wards, rotations }, { 'nurse-1': pinHash }));
    const alert = pagedAlert();
    served.aws.items.set(alert.pk, stored(alert));
    served.aws.items.set(`PAGE#${link}`, newPage(alert, link, 'nurse-1', at(0)));
    const recent = [128, 134, 131, 149, 162, 171, 191].map((systolicMmHg, index) => ({
      ...aReadingAt((index - 6) * 15, systolicMmHg >= 180 ? 'critical' : 'normal'),
      systolicMmHg,
      diastolicMmHg: 70 + index * 7,
    }));
    served.aws.items.set('VITALS#p-7', someVitals(...recent));
  });
}

/** A reading raised it, and the nurse was mailed two seconds later. */
function pagedAlert() {
  const raised = whenRaised(undefined, aClaim(), at(0), 'exec-1');
  const ask = {
    type: 'ask',
    seen: seenAs(raised),
    responders: [nurse],
    sighting: undefined,
    newPageIds: [link],
  } as const;
  const asked = when(raised, ask, at(1));
  const published = requestsOf(asked, [nurse]);
  return when(asked, { type: 'recordMails', step: stepOf(asked), published, turns: {} }, at(2));
}

/** Opens the nurse's link to another alert. */
const openOf = (tab: Tab, alert: Alert) => {
  served.aws.items.set(alert.pk, stored(alert));
  served.aws.items.set(`PAGE#${link}`, newPage(alert, link, 'nurse-1', at(0)));
  return tab.goto(served.url);
};

/** Fills a form in and sends it. */
const answer = async (tab: Tab, fields: Record<string, string>, button: string) => {
  for (const [field, value] of Object.entries(fields)) await tab.fill(field, value);
  await tab.click(button);
};

/** How one gets to a page, and what it says that no page before it said. */
type Visit = { go(tab: Tab): Promise<unknown>; says: string };
export const visits: Record<string, Visit> = {
  asking: { go: (tab) => tab.goto(served.url), says: 'Nobody has accepted yet' },
  'wrong PIN': {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': '739145' }, 'text=Accept:');
    },
    says: 'do not match',
  },
  'somebody else': {
    async go(tab) {
      await visit(tab, 'asking');
      await tab.click('summary');
    },
    says: 'initials',
  },
  'wrong name': {
    async go(tab) {
      await visit(tab, 'somebody else');
      await answer(tab, { '#clinician': 'XY', '#other-pin': '739145' }, 'details >> text=Accept:');
    },
    says: 'do not match',
  },
  'looking first': {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=See the details first');
    },
    says: 'Signed in as',
  },
  accepted: {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=Accept:');
    },
    says: 'You accepted at 03:01',
  },
  declined: {
    async go(tab) {
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, "text=I can't");
    },
    says: 'Recorded: you cannot come',
  },
  'declined after accepting': {
    async go(tab) {
      await visit(tab, 'asking');
      const later = await tab.context().newPage();
      await visit(later, 'accepted');
      await later.close();
      await tab.bringToFront();
      await answer(tab, { '#pin': pin }, "text=I can't");
    },
    says: 'Nothing was recorded: you have already accepted',
  },
  'tries used up': {
    async go(tab) {
      useUpTries();
      await visit(tab, 'asking');
      await answer(tab, { '#pin': pin }, 'text=Accept:');
    },
    says: 'Too many wrong PINs',
  },
  'signed out': {
    async go(tab) {
      await visit(tab, 'looking first');
      await tab.click('text=Sign out');
    },
    says: 'You are signed out',
  },
  late: {
    go(tab) {
      const owned = anOwnedAlert({ owner: { clinicianId: 'doctor-1', role: 'doctor' } });
      served.aws.items.set(owned.pk, stored(owned));
      return tab.goto(served.url);
    },
    says: 'A doctor accepted at 03:01',
  },
  closed: {
    async go(tab) {
      await visit(tab, 'looking first');
      await tab.selectOption('#reason', 'transferred');
      await tab.click('button[value=close]');
    },
    says: 'You closed this alert',
  },
  device: { go: (tab) => openOf(tab, aDeviceAlert()), says: 'TECHNICAL ALERT' },
  drill: { go: (tab) => openOf(tab, aPagedAlert({ pk: 'DRILL#p-7', patientId: null })), says: 'DRILL' },
  'check-in': {
    go: (tab) =>
      openOf(
        tab,
        aPagedAlert({
          pk: `CHECKIN#ward-001#nurse#${hashed('nurse-1')}`,
          patientId: null,
          worst: 'check-in',
          announced: 'check-in',
        }),
      ),
    says: 'Only confirm.',
  },
  unknown: {
    go: (tab) => tab.goto(served.url.replace(link, 'elsewhere')),
    says: 'This link leads nowhere',
  },
};

/** Goes there and waits until it is there: a click returns while the page before it is still shown. */
export const visit = async (tab: Tab, name: string) => {
  const { go, says } = visits[name] as Visit;
  await go(tab);
  await tab.locator('main', { hasText: says }).waitFor();
  await tab.waitForLoadState();
};
