import { describe, expect, test } from 'vitest';
import type { AlertEvent } from '../../../handlers/alert/alert.ts';
import { accept } from '../../../handlers/alert/answers.ts';
import { EventMissing, eventRows } from '../../../handlers/alert/event-rows.ts';
import { paged } from '../../../handlers/alert/mailed.ts';
import { raise } from '../../../handlers/alert/open.ts';
import { ask, requestsOf } from '../../../handlers/alert/page.ts';
import { aClaim, anAlert, aPagedAlert, at, changed, doctor, minute, nurse, START } from './builders.ts';

const { alert: opened } = raise(aClaim(), undefined, 'exec-1', START, 'w1');

test('an alert that begins is one row, its time in the form of the archive', () => {
  expect(eventRows({ after: opened })).toEqual([
    {
      event_id: 'PATIENT#p-7#1#0',
      alert_key: 'PATIENT#p-7',
      alert_id: '3f9a0c21b7de4455',
      seq: 1,
      event_rows: 1,
      type: 'raised',
      occurred_at: '2026-11-24 03:00:00.000',
      round: 1,
      rung: 'nurse',
      pass: 0,
      asking: 'page',
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
      execution_name: 'exec-1',
      arrived_at: '2026-11-24 02:59:59.000',
      owner_id: null,
    },
  ]);
});

test('a page to two people is two rows of one event', () => {
  const seen = {
    me: 'exec-1',
    round: 1,
    rung: 'nurse',
    pass: 0,
    level: 'emergency',
    deadline: minute(1),
    token: 't',
  } as const;
  const alert = anAlert({ worst: 'emergency' });
  let count = 0;
  const before = changed(ask(alert, seen, [nurse, doctor], () => `page-${++count}`, at(2), 'w1'));
  // That mails are to follow is one row without anybody; who was mailed has rows.
  expect(eventRows({ before: alert, after: before })).toMatchObject([
    { type: 'asking', event_rows: 1, page_id: null, clinician_id: null },
  ]);
  const after = changed(paged(before, before, requestsOf(before, [nurse, doctor]), {}, at(3), 'w2'));
  const rows = eventRows({ before, after });
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
  // The secret of a link does not go into the archive; what stands for it tells pages apart, and is always the same.
  expect(JSON.stringify(rows)).not.toMatch(/page-[12]/);
  expect(new Set(rows.map(({ page_id }) => page_id)).size).toBe(2);
  expect(eventRows({ before, after })).toEqual(rows);
});

test('an acceptance names who and in which role', () => {
  const before = aPagedAlert();
  const by = { clinicianId: nurse.id, role: 'nurse', round: 1, shownLevel: 'critical' } as const;
  const [row] = eventRows({ before, after: changed(accept(before, by, minute(1), 'w')) });
  expect(row).toMatchObject({ type: 'accepted', clinician_id: nurse.id, role: 'nurse', owner_id: nurse.id });
});

describe('what has no row', () => {
  test.each([
    ['a write that changed no seq', { before: opened, after: { ...opened, token: 'x' } }],
    ['a page', { after: { kind: 'page' } }],
    ['vitals', { after: { kind: 'vitals' } }],
    ['a claim that is to be raised', { after: aClaim() }],
    ['a superseded claim that expires', { before: { kind: 'claim' } }],
  ])('%s', (_what, change) => {
    expect(eventRows(change as never)).toEqual([]);
  });
});

test('a superseded reading is a row without an alert', () => {
  const event: AlertEvent = {
    seq: 0,
    type: 'superseded',
    at: START,
    writeId: 'r',
    round: 0,
    rung: 'nurse',
    level: 'critical',
    readingId: '3f9a0c21b7de4455aa',
  };
  expect(eventRows({ after: aClaim({ status: 'superseded', event }) })).toMatchObject([
    {
      event_id: 'READING#3f9a0c21b7de4455aa#0#0',
      alert_key: 'PATIENT#p-7',
      alert_id: null,
      seq: 0,
      type: 'superseded',
      reading_id: '3f9a0c21b7de4455aa',
    },
  ]);
});

test('a write whose event is missing is an error, never silence', () => {
  expect(() => eventRows({ before: opened, after: { ...opened, seq: 2 } })).toThrow(EventMissing);
});
