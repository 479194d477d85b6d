import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { requestsOf } from '../../../handlers/alert/ask.ts';
import { AlertEvent } from '../../../handlers/alert/event.ts';
import {
  alertRows,
  claimRows,
  EventMissing,
  type EventRow,
  sealedAlert,
  sealedEvent,
  stateHash,
} from '../../../handlers/alert/event-rows.ts';
import { evolve } from '../../../handlers/alert/evolve.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import {
  aClaim,
  aFulfilledClaim,
  anAlert,
  aPagedAlert,
  aSupersededClaim,
  at,
  doctor,
  minute,
  newPageIds,
  nurse,
  START,
  seenAs,
  when,
  whenRaised,
} from './builders.ts';
import { everyEvent, everyStanding } from './every-event.ts';

const seed = 20261124;
const opened = whenRaised(undefined, aClaim(), START, 'exec-1');

/** What the one row of a claimed reading says, whatever came of it. */
const ofTheReading = {
  event_rows: 1,
  escalation_level: 'nurse',
  attempt: 0,
  level: 'critical',
  ward: 'ward-001',
  bed: '4',
  policy: 'adult',
  clinician_id: null,
  role: null,
  page_id: null,
  purpose: null,
  reading_id: '3f9a0c21b7de4455aa',
  reason: null,
  arrived_at: '2026-11-24 02:59:59.000',
  owner_id: null,
};

test('an alert that begins is one row, its time in the form of the archive', () => {
  expect(alertRows(undefined, opened)).toEqual([
    {
      ...ofTheReading,
      event_id: 'PATIENT#p-7#1#0',
      alert_key: 'PATIENT#p-7',
      alert_id: '3f9a0c21b7de4455',
      seq: 1,
      type: 'raised',
      occurred_at: '2026-11-24 03:00:00.000',
      round: 1,
      asking: 'page',
      execution_name: 'exec-1',
      happened: JSON.stringify(opened.events[0]),
      state_hash: stateHash(sealedAlert(opened)),
    },
  ]);
});

const responders = [nurse, doctor];
const ask = (alert: Alert) =>
  when(alert, { type: 'ask', seen: seenAs(alert), responders, sighting: undefined, newPageIds }, at(2));
const recordMails = (alert: Alert) =>
  ({
    type: 'recordMails',
    step: stepOf(alert),
    published: requestsOf(alert, responders),
    turns: {},
  }) as const;

test('a page to two people is two rows of one event', () => {
  const alert = anAlert({ worst: 'emergency' });
  const asked = ask(alert);
  // That mails are to follow is one row without anybody; who was mailed has rows.
  expect(alertRows(alert, asked)).toMatchObject([
    { type: 'asking', event_rows: 1, page_id: null, clinician_id: null },
  ]);
  const paged = when(asked, recordMails(asked), at(3));
  const rows = alertRows(asked, paged);
  expect(
    rows.map(({ event_id, event_rows, clinician_id, role, purpose }) => [
      event_id,
      event_rows,
      clinician_id,
      role,
      purpose,
    ]),
  ).toEqual([
    ['PATIENT#p-7#3#0', 2, 'nurse-1', 'nurse', 'page'],
    ['PATIENT#p-7#3#1', 2, 'doctor-1', 'doctor', 'page'],
  ]);
  // The event and the alert after it stand in the first.
  expect(rows.map(({ happened, state_hash }) => [happened !== null, state_hash !== null])).toEqual([
    [true, true],
    [false, false],
  ]);
  // The secret of a link does not go into the archive; what stands for it tells pages apart, and is always the same.
  expect(JSON.stringify([...alertRows(alert, asked), ...rows])).not.toMatch(/page-[12]/);
  expect(new Set(rows.map(({ page_id }) => page_id)).size).toBe(2);
  expect(alertRows(asked, paged)).toEqual(rows);
});

test('a mail that is recorded late stands in the archive under the step that it belongs to', () => {
  const asked = ask(anAlert());
  const moved = when(asked, { type: 'moveOn', seen: seenAs(asked), because: 'timeIsUp' }, minute(2));
  const [row] = alertRows(moved, when(moved, recordMails(asked), minute(2)));
  expect(row).toMatchObject({ type: 'paged', round: 1, escalation_level: 'nurse', attempt: 0 });
  expect(alertRows(asked, moved)).toMatchObject([{ type: 'timedOut', attempt: 1, reason: 'timeIsUp' }]);
});

test('who could not be reached has a row each', () => {
  const event = everyEvent.find(({ type }) => type === 'undeliverable') as AlertEvent;
  const whom = alertRows(undefined, evolve(aPagedAlert(), event)).map(({ clinician_id }) => clinician_id);
  expect(whom).toEqual(['nurse-1', 'doctor-1']);
});

test('what an alert is has one hash, in whatever order the table names its fields', () => {
  const turned = (value: object): object =>
    Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, part]) => [name, part?.constructor === Object ? turned(part) : part]),
    );
  const sealed = sealedAlert(opened);
  expect(JSON.stringify(turned(sealed))).not.toBe(JSON.stringify(sealed));
  expect(stateHash(turned(sealed) as Alert)).toBe(stateHash(sealed));
  expect(stateHash({ ...sealed, placedAt: at(1) })).not.toBe(stateHash(sealed));
});

test('an acceptance names who and in which role', () => {
  const alert = aPagedAlert();
  const accept = {
    type: 'accept',
    clinicianId: nurse.id,
    role: 'nurse',
    round: 1,
    shownLevel: 'critical',
  } as const;
  expect(alertRows(alert, when(alert, accept, minute(1)))).toMatchObject([
    { type: 'accepted', clinician_id: nurse.id, role: 'nurse', owner_id: nurse.id },
  ]);
});

test('why it happened is one word', () => {
  const reasons = everyEvent.map((event) => {
    const [row] = alertRows(undefined, evolve(aPagedAlert(), event));
    return [event.type, row?.reason ?? null];
  });
  expect(reasons).toEqual([
    ['raised', null],
    ['raised', null],
    ['joined', null],
    ['joined', 'worse'],
    ['joined', 'moved'],
    ['withdrawn', null],
    ['withdrawn', null],
    ['asking', null],
    ['asking', 'worse'],
    ['asking', 'moved'],
    ['waiting', null],
    ['waiting', null],
    ['paged', null],
    ['paged', null],
    ['deferred', null],
    ['deferred', null],
    ['operationsTold', 'mail, webhook'],
    ['operationsTold', 'mail'],
    ['undeliverable', 'NotFound'],
    ['accepted', null],
    ['declined', 'cannotCome'],
    ['declined', 'wrongPins'],
    ['timedOut', 'timeIsUp'],
    ['escalated', 'everybodyDeclined'],
    ['escalated', 'nobodyReached'],
    ['unanswered', 'timeIsUp'],
    ['backedOff', 'nobodyReached'],
    ['interrupted', 'worse'],
    ['interrupted', 'moved'],
    ['interrupted', 'withdrawn'],
    ['rechecked', 'stillCritical'],
    ['rechecked', 'noGoodMeasurement'],
    ['handedOver', 'doctor-1'],
    ['givenBack', null],
    ['stoodDown', 'doctor-1, #mail, #webhook'],
    ['stoodDown', null],
    ['stoodDown', null],
    ['resumed', 'overdue'],
    ['closed', 'recovered'],
    ['closed', 'transferred'],
    ['closed', 'measuredByHand'],
  ]);
});

describe('what has no row', () => {
  test.each<[string, EventRow[]]>([
    ['a write that changed no seq', alertRows(opened, { ...opened, policy: 'x' })],
    ['a claim that is to be raised', claimRows(undefined, aClaim())],
    ['a claim that is fulfilled', claimRows(aClaim(), aFulfilledClaim(opened.alertId))],
    ['a superseded claim, a second time', claimRows(aSupersededClaim(), aSupersededClaim())],
  ])('%s', (_what, rows) => {
    expect(rows).toEqual([]);
  });
});

test('a superseded reading is a row without an alert', () => {
  expect(claimRows(undefined, aSupersededClaim({ claimedAt: minute(1) }))).toEqual([
    {
      ...ofTheReading,
      event_id: 'READING#3f9a0c21b7de4455aa#0#0',
      alert_key: 'PATIENT#p-7',
      alert_id: null,
      seq: 0,
      type: 'superseded',
      occurred_at: '2026-11-24 03:01:00.000',
      round: 0,
      asking: null,
      execution_name: null,
      happened: null,
      state_hash: null,
    },
  ]);
});

test('a write whose event is missing is an error, never silence', () => {
  expect(() => alertRows(opened, { ...opened, seq: 2 })).toThrow(EventMissing);
});

describe('the fold of the archived events is the alert, with its secrets sealed', () => {
  test.each(
    everyStanding.flatMap((alert) =>
      everyEvent.map((event) => [event.type, alert.standing.is, event, alert] as const),
    ),
  )('%s, while %s', (_type, _is, event, alert) => {
    expect(sealedAlert(evolve(alert, event))).toEqual(evolve(sealedAlert(alert), sealedEvent(event)));
  });

  test('whatever happened, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...everyEvent), { maxLength: 40 }), (events) => {
        const fold = (from: Alert, events: AlertEvent[]) => events.reduce<Alert>(evolve, from);
        const sealed = fold(sealedAlert(opened), events.map(sealedEvent));
        expect(sealedAlert(fold(opened, events))).toEqual(sealed);
      }),
      { seed },
    );
  });

  test('from the rows themselves', () => {
    const asked = ask(whenRaised(undefined, aClaim({ level: 'emergency' }), START));
    const paged = when(asked, recordMails(asked), at(3));
    const alert = when(paged, { type: 'moveOn', seen: seenAs(paged), because: 'timeIsUp' }, minute(1));
    const writes = alert.events.map((_, index) => {
      const events = alert.events.slice(0, index + 1);
      return events.reduce<Alert | undefined>(evolve, undefined) as Alert;
    });
    const rows = writes.flatMap((write) => alertRows(undefined, write));
    const archived = rows
      .filter(({ event_id }) => event_id.endsWith('#0'))
      .map(({ happened }) => AlertEvent.parse(JSON.parse(happened ?? '')));
    expect(archived.reduce<Alert | undefined>(evolve, undefined)).toEqual(sealedAlert(alert));
    expect(JSON.stringify(rows)).not.toMatch(/page-\d/);
  });
});
