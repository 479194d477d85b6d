/** Every state that a link's page can be in, of every kind of alert: each says what happened, and what to do now. */

import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { AlertKind } from '../../../handlers/alert/alert-key.ts';
import { newPage } from '../../../handlers/alert/page.ts';
import { busyPage } from '../../../handlers/answering/busy-page.ts';
import { failedPage } from '../../../handlers/answering/closing-pages.ts';
import { hashed } from '../../../handlers/naming/hashed.ts';
import type { HtmlResponse } from '../../../handlers/web/page.ts';
import { type AlertChanges, aDeviceAlert, aPagedAlert, at, minute } from '../alert/builders.ts';
import { type Opened, open, submit, textOf } from './browser.ts';
import { aPageStory, doctor, link, nurse, pass, wrongPin } from './page-story.ts';
import { useTries } from './tries.ts';

const story = aPageStory();

/** An alert of each kind: the nurse has been asked, and is waited for. */
const asked: Record<AlertKind, (changes?: AlertChanges) => Alert> = {
  patient: aPagedAlert,
  device: aDeviceAlert,
  drill: (changes) => aPagedAlert({ pk: 'DRILL#p-7', patientId: null, ...changes }),
  checkIn: (changes) =>
    aPagedAlert({
      pk: `CHECKIN#ward-001#nurse#${hashed('nurse-1')}`,
      patientId: null,
      worst: 'check-in',
      announced: 'check-in',
      ...changes,
    }),
};
const kinds = Object.keys(asked) as AlertKind[];

let kind: AlertKind;

/** Opens the nurse's link to this alert. */
function opened(changes: AlertChanges = {}, round = 1): Promise<Opened> {
  const alert = asked[kind](changes);
  story.put(alert);
  story.aws.items.set(`PAGE#${link}`, { ...newPage(alert, link, 'nurse-1', at(0)), round });
  return open(link);
}
const owned = (clinicianId: string, role: string): AlertChanges => ({
  owner: { clinicianId, role },
  standing: { is: 'owned', deadline: minute(16), dueAt: minute(17) },
});
const closed = (clinicianId: string | null): AlertChanges => ({
  standing: { is: 'closed', at: minute(1), reason: 'recovered', clinicianId },
});

/** What it is to say of each kind, or of all alike. */
type Says = RegExp | Record<AlertKind, RegExp>;
type State = { reach(): Promise<Opened>; happened: Says; toDo: Says };

const look = {
  patient: /Look, repeat the measurement, answer\./,
  device: /Look at the device, have it measure again, answer\./,
  drill: /Only answer\./,
  checkIn: /Only confirm\./,
};
const nobodyYet = {
  patient: /Alarming since 02:59\. Nobody has accepted yet\./,
  device: /Device bp-1: .* Since 02:59\. Nobody has accepted yet\./,
  drill: /Since 02:59\. Nobody has accepted yet\./,
  checkIn: /The shift began 02:59\. Nobody has accepted yet\./,
};
const nobodyYetInside = { ...nobodyYet, device: /Since 02:59\. Nobody has accepted yet\./ };
const passedOn = /This message has been passed on to the next person\./;
const ifNearby = {
  patient: /If you are nearby, go to the patient\./,
  device: /If you are nearby, go to the device\./,
  drill: /there is no patient to go to\./,
  checkIn: /There is no patient to go to\./,
};
const everyone = ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1'];
const tried: AlertChanges = {
  step: { escalationLevel: 'everyone', asked: everyone },
  standing: { is: 'backingOff', deadline: minute(2), dueAt: minute(3) },
};
const reasonOf = {
  patient: 'transferred',
  device: 'deviceChecked',
  drill: 'drill',
  checkIn: 'seenTo',
} as const;

const states: Record<string, State> = {
  waiting: { reach: () => opened(), happened: nobodyYet, toDo: look },
  'waiting, after the PIN': {
    reach: async () => submit(link, await opened(), 'show', nurse),
    happened: nobodyYetInside,
    toDo: look,
  },
  'timed out: another is asked': {
    reach: () => opened({ step: { escalationLevel: 'lead', asked: ['lead-1'] } }),
    happened: passedOn,
    toDo: /You can still accept\./,
  },
  'everyone was tried': {
    reach: () => opened(tried),
    happened: /Nobody else is left to page: /,
    toDo: ifNearby,
  },
  'accepted by you': {
    reach: async () => submit(link, await opened(), 'accept', nurse),
    happened: /You accepted at 03:01\./,
    toDo: {
      patient: /please have the pressure measured again by then\./,
      device: /please have the device measure again by then\./,
      drill: /The drill is over\./,
      checkIn: /The check-in is over\./,
    },
  },
  'accepted by you, opened again': {
    reach: () => opened(owned('nurse-1', 'nurse')),
    happened: /A nurse accepted at 03:01\./,
    toDo: {
      patient: /If that is you, have the pressure measured again\./,
      device: /If that is you, have the device measure again\./,
      drill: /If that is you, close this page\./,
      checkIn: /If that is you, close this page\./,
    },
  },
  'accepted by another': {
    reach: () => opened(owned('doctor-1', 'doctor')),
    happened: /A doctor accepted at 03:01\./,
    toDo: /You do not need to do anything\./,
  },
  'accepted by another, after the PIN': {
    reach: async () => submit(link, await opened(owned('doctor-1', 'doctor')), 'show', nurse),
    happened: /Dr Elias Brandreth \(doctor\) accepted at 03:01\./,
    toDo: /You do not need to come\./,
  },
  declined: {
    reach: async () => submit(link, await opened(), 'decline', nurse),
    happened: /Recorded: you cannot come\./,
    toDo: /To take that back, open this link again\./,
  },
  'declined, opened again': {
    reach: () => opened({ round: { declined: ['nurse-1'] } }),
    happened: passedOn,
    toDo: /You can still accept\./,
  },
  'declined, after the PIN': {
    reach: async () => submit(link, await opened({ round: { declined: ['nurse-1'] } }), 'show', nurse),
    happened: /You said that you cannot come\./,
    toDo: look,
  },
  'of an earlier round': {
    reach: () => opened({ round: { number: 2 } }),
    happened: /This link is from an earlier message\. Things have changed since\./,
    toDo: /To answer, open the newest message about this reference\./,
  },
  'of an earlier round, after the PIN': {
    reach: async () => submit(link, await opened({ round: { number: 2 } }), 'show', nurse),
    happened: /this link is from an earlier one\./,
    toDo: /To answer, open the newest message about this reference/,
  },
  'of an earlier alert': {
    async reach() {
      await opened();
      story.put(asked[kind]({ alertId: 'another' }));
      return open(link);
    },
    happened: /This link is from an earlier message/,
    toDo: /open the newest message/,
  },
  closed: {
    reach: () => opened(closed(null)),
    happened: /This alert is closed .*It was closed at 03:01\./,
    toDo: /you do not need to do anything\./,
  },
  'closed by you': {
    async reach() {
      const inside = await submit(link, await opened(), 'show', nurse);
      return submit(link, inside, 'close', { reason: reasonOf[kind] });
    },
    happened: /You closed this alert .*Closed at 03:01: /,
    toDo: /You can close this page\./,
  },
  unknown: {
    reach: () => open('b'.repeat(22)),
    happened: /This link leads nowhere The link may be incomplete/,
    toDo: /Open the link in the message itself, or call the ward\./,
  },
  expired: {
    async reach() {
      await opened();
      story.aws.items.delete(`PAGE#${link}`);
      return open(link);
    },
    happened: /older than 30 days\./,
    toDo: /call the ward\./,
  },
  'the form is too old': {
    async reach() {
      const page = await opened();
      pass(3 * 3600);
      return submit(link, page, 'accept', nurse);
    },
    happened: /This page was open for too long, so nothing was recorded\./,
    toDo: /Please answer again\./,
  },
  'the session is over': {
    async reach() {
      const page = await submit(link, await opened(), 'show', nurse);
      pass(601);
      return submit(link, page, 'accept');
    },
    happened: /You are signed out, so nothing was recorded\./,
    toDo: /Please enter your PIN again\./,
  },
  'signed out': {
    reach: async () => submit(link, await submit(link, await opened(), 'show', nurse), 'sign-out'),
    happened: /You are signed out\./,
    toDo: /To go on, enter your PIN again\./,
  },
  'a wrong PIN': {
    reach: async () => submit(link, await opened(), 'accept', { ...nurse, pin: '739145' }),
    happened: /That name and PIN do not match, so nothing was recorded\./,
    toDo: /You have 4 tries left before the next person is paged\./,
  },
  'too many wrong PINs': {
    async reach() {
      await opened();
      for (let n = 1; n <= 4; n++) await wrongPin(`73914${n}`);
      return wrongPin();
    },
    happened: /Too many wrong PINs on this page\..* is being paged now/,
    toDo: /The correct one still works\./,
  },
  'locked for the addressee': {
    async reach() {
      useTries(story.aws.items, 'PIN#nurse-1', 'newestPage');
      return submit(link, await opened(), 'accept', nurse);
    },
    happened: /Too many wrong PINs: until 04:48 a PIN works here only on a phone or computer on which you/,
    toDo: ifNearby,
  },
  'locked for somebody else': {
    async reach() {
      useTries(story.aws.items, 'PIN#doctor-1', 'elsewhere');
      return submit(link, await opened(), 'accept', doctor);
    },
    happened: /Too many wrong PINs: no PIN is accepted here until 08:00\./,
    toDo: /The person who was paged can still answer with their own PIN from the newest message\./,
  },
  'too many requests': {
    reach: async () => asOpened(busyPage()),
    happened: /Too many requests from your network Nothing was recorded\./,
    toDo: /Wait a minute, then open the link in the message again/,
  },
  'something failed': {
    reach: async () => asOpened(failedPage()),
    happened: /Something went wrong Your answer may not have been recorded\./,
    toDo: /Go back and answer once more\./,
  },
};

const asOpened = ({ statusCode, headers, body }: HtmlResponse): Opened => ({
  status: statusCode,
  headers,
  html: body,
  cookies: [],
});

describe.each(kinds)('%s', (present) => {
  beforeEach(() => {
    kind = present;
  });

  test.each(Object.entries(states))('%s', async (_name, { reach, happened, toDo }) => {
    const { html } = await reach();
    const [what, then] = [happened, toDo].map((says) => (says instanceof RegExp ? says : says[kind]));
    const text = textOf(html);
    expect(text).toMatch(what as RegExp);
    expect(text).toMatch(then as RegExp);
    expect(text).not.toMatch(/\b(treat|medicat|dose|give .* mg)/i);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
    expect(html).not.toMatch(/<p\b[^>]*>\s*<\/p>/);
    const sentences = [...html.matchAll(/<p\b[^>]*>([^<]*)<\/p>/g)].flatMap(([, said = '']) =>
      said.split(/(?<=\.) /).filter((sentence) => sentence.trim() !== ''),
    );
    expect(sentences.filter((one, index) => sentences.indexOf(one) < index)).toEqual([]);
  });
});

test('a check-in that somebody else is asked about', async () => {
  kind = 'checkIn';
  const { html } = await opened({ step: { escalationLevel: 'lead', asked: ['lead-1'] } });
  expect(textOf(html)).toContain(
    'Find out why, then confirm. The nurse on call of ward-001 has not checked in.',
  );
});
