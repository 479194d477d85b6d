/** What has happened to an alert, as colleagues read it on its page. */
import { expect, test } from 'vitest';
import { operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import type { AlertEvent, Happened, Request } from '../../../handlers/alert/event.ts';
import { history } from '../../../handlers/answering/history.ts';
import { noDanger } from '../../../handlers/clinical/danger.ts';
import { at, bed4, minute, START } from '../alert/builders.ts';
import { aRoster } from '../on-call/builders.ts';
import { textOf } from './browser.ts';

/** What people read of these events, newest first. */
const told = (...happened: Happened[]) => toldOf('PATIENT#p-7', ...happened);
const toldOfDevice = (...happened: Happened[]) => toldOf('DEVICE#bp-1#errorCode', ...happened);
function toldOf(pk: string, ...happened: Happened[]): string[] {
  const events = happened.map(
    (one, index) => ({ ...one, seq: index + 1, at: minute(index), writeId: 'w' }) as AlertEvent,
  );
  const { html } = history({ pk, events }, aRoster(), START);
  return [...html.matchAll(/<li>(.*)<\/li>/g)].map(([, item = '']) => textOf(item));
}

const sighting = { place: bed4, at: at(-2) };
const wait = { deadline: minute(2), dueAt: minute(3) };
const step = { id: 1, round: 1, escalationLevel: 'nurse', attempt: 0 } as const;
const entered = { because: 'timeIsUp', escalationLevel: 'nurse', attempt: 1, ...wait } as const;
const read = {
  readingId: '3f9a0c21b7de4455aa',
  measurementId: 'bp-1@3',
  policy: 'adult',
  sighting,
  measuredAt: at(-2),
  danger: noDanger,
  arrivedAt: at(-1),
  ...wait,
};
const joined = { type: 'joined', ...read, level: 'critical', takenOverBy: null } as const;
const pages: Request[] = [
  { pageId: 'a', clinicianId: 'nurse-1', role: 'nurse', purpose: 'page' },
  { pageId: 'b', clinicianId: 'doctor-1', role: 'doctor', purpose: 'page' },
];

const sentences: [Happened, string][] = [
  [
    {
      type: 'raised',
      ...read,
      level: 'critical',
      alertKey: 'PATIENT#p-7',
      alertId: '3f9a0c21b7de4455',
      executionName: 'exec-1',
      patientId: 'p-7',
    },
    'A reading raised the alert (critical)',
  ],
  [{ ...joined, news: null }, 'Another alarming reading came in (critical)'],
  [{ ...joined, level: 'emergency', news: 'worse' }, 'Another alarming reading came in (emergency)'],
  [{ ...joined, news: 'moved' }, 'Another alarming reading came in (critical), from another place'],
  [
    { type: 'paged', step, pages, turns: {}, dueAt: minute(3) },
    'Paged Amara Whitlock (nurse), Dr Elias Brandreth (doctor)',
  ],
  [
    { type: 'deferred', step, turns: { 'nurse-1': minute(1) }, dueAt: minute(3) },
    'Delayed, since other messages to the same people go first',
  ],
  [{ type: 'operationsTold', step, by: ['mail'], dueAt: minute(3) }, 'The team that runs Vigil was told'],
  [
    { type: 'undeliverable', pages: pages.slice(0, 1), reason: 'NotFoundException', dueAt: minute(3) },
    'Could not reach Amara Whitlock (nurse)',
  ],
  [{ type: 'accepted', clinicianId: 'nurse-1', role: 'nurse', ...wait }, 'Amara Whitlock accepted'],
  [
    { type: 'declined', clinicianId: 'nurse-1', reason: 'cannotCome', dueAt: minute(3) },
    'Amara Whitlock could not come',
  ],
  [
    { type: 'declined', clinicianId: 'nurse-1', reason: 'wrongPins', dueAt: minute(3) },
    'Too many wrong PINs on the page for Amara Whitlock, so it was passed on',
  ],
  [{ type: 'timedOut', ...entered }, 'Nobody answered in time'],
  [{ type: 'escalated', ...entered, escalationLevel: 'doctor' }, 'Escalated to the doctor'],
  [{ type: 'escalated', ...entered, escalationLevel: 'everyone' }, 'Escalated to everyone'],
  [
    { type: 'unanswered', ...entered, escalationLevel: 'everyone' },
    'Everyone was paged, and nobody answered',
  ],
  [
    { type: 'backedOff', because: 'nobodyReached', ...wait },
    'Nobody could be reached: a short pause before everyone is paged again',
  ],
  [
    { type: 'backedOff', because: 'everybodyDeclined', ...wait },
    'Nobody could come: a short pause before everyone is paged again',
  ],
  [
    { type: 'interrupted', by: 'worse', escalationLevel: 'nurse', ...wait },
    'It got worse, so another answer was needed',
  ],
  [
    { type: 'withdrawn', measurementId: 'bp-1@3', all: false },
    'One of its readings was withdrawn or corrected',
  ],
  [
    { type: 'withdrawn', measurementId: 'bp-1@3', all: true },
    'The reading behind the alert was withdrawn or corrected',
  ],
  [
    { type: 'interrupted', by: 'withdrawn', escalationLevel: 'nurse', ...wait },
    'It stood on no reading any more, so another answer was needed',
  ],
  [
    { type: 'interrupted', by: 'moved', escalationLevel: 'nurse', ...wait },
    'The patient was moved, so another answer was needed',
  ],
  [
    { type: 'rechecked', found: 'stillCritical', escalationLevel: 'doctor', ...wait },
    'Rechecked: still alarming',
  ],
  [
    { type: 'rechecked', found: 'noGoodMeasurement', escalationLevel: 'nurse', ...wait },
    'Rechecked: no usable reading yet',
  ],
  [
    { type: 'resumed', because: 'overdue', executionName: 'exec-2', dueAt: minute(3) },
    'Resumed after a fault',
  ],
  [
    { type: 'handedOver', clinicianId: 'nurse-1', to: 'doctor-1', escalationLevel: 'doctor', ...wait },
    'Amara Whitlock asked Dr Elias Brandreth to take over',
  ],
  [
    { type: 'givenBack', clinicianId: 'nurse-1', escalationLevel: 'doctor', ...wait },
    'Amara Whitlock gave it back',
  ],
  [
    {
      type: 'stoodDown',
      whom: ['doctor-1', operationsMail, operationsWebhook],
      notBefore: null,
      dueAt: minute(3),
    },
    'Told that they need not come: Dr Elias Brandreth, the team that runs Vigil',
  ],
  [{ type: 'closed', reason: 'recovered', clinicianId: null }, 'Closed: recovered'],
  [
    { type: 'closed', reason: 'transferred', clinicianId: 'nurse-1', usefulness: 'wrongMeasurement' },
    'Amara Whitlock closed it: transferred. Useful? The measurement was wrong',
  ],
  [
    { type: 'closed', reason: 'measuredByHand', clinicianId: 'nurse-1' },
    'Amara Whitlock closed it: seen and measured by hand',
  ],
];

test.each(sentences.map(([happened, sentence]) => ({ happened, sentence })))(
  '$happened.type: $sentence',
  ({ happened, sentence }) => {
    expect(told(happened)).toEqual([`03:00 ${sentence}`]);
  },
);

test('that mails are to follow, that the workflow waits, or a stand-down, tells nobody anything', () => {
  const asking = { type: 'asking', pages, news: null, sighting: null, ...wait } as const;
  const givesWay: Happened = { type: 'stoodDown', whom: [], notBefore: minute(1), dueAt: minute(3) };
  expect(told(asking, { type: 'waiting', sighting: null, ...wait }, givesWay)).toEqual([]);
});

test('the newest is on top, each at its time', () => {
  expect(
    told(
      { type: 'paged', step, pages: pages.slice(0, 1), turns: {}, dueAt: minute(3) },
      { type: 'accepted', clinicianId: 'nurse-1', role: 'nurse', ...wait },
    ),
  ).toEqual(['03:01 Amara Whitlock accepted', '03:00 Paged Amara Whitlock (nurse)']);
});

test('who has left the roster is named by id', () => {
  expect(told({ type: 'accepted', clinicianId: 'nurse-9', role: 'nurse', ...wait })).toEqual([
    '03:00 nurse-9 accepted',
  ]);
});

test('of a device not everyone is paged, and the pause is not short', () => {
  const waits = { deadline: minute(480), dueAt: minute(481) };
  const everyone = { ...entered, escalationLevel: 'everyone' } as const;
  const sentencesNow = toldOfDevice(
    { type: 'escalated', ...entered, escalationLevel: 'lead' },
    { type: 'escalated', ...everyone },
    { type: 'unanswered', ...everyone },
    { type: 'backedOff', because: 'nobodyReached', ...waits },
    { type: 'backedOff', because: 'everybodyDeclined', ...waits },
  );
  expect(sentencesNow.map((line) => line.slice('03:00 '.length)).reverse()).toEqual([
    'Escalated to the lead',
    'Escalated to the last level, with the team that runs Vigil',
    'Nobody has taken it on',
    'Nobody could be reached: some hours until they are asked again',
    'Nobody could come: some hours until they are asked again',
  ]);
});
