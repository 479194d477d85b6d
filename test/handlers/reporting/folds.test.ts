import { expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { EventRow } from '../../../handlers/alert/event-rows.ts';
import { foldCheck } from '../../../handlers/reporting/folds.ts';
import { doctor, Night } from '../../sql/night.ts';

/** An alert that was escalated, accepted, rechecked and asked for again, as sql/histories.sql gives it. */
function aHistory() {
  const night = new Night();
  const paged = night.pages(night.raises(night.arrives(60)), 60.05);
  const reminded = night.pages(night.movesOn(paged, 62.1), 62.2);
  const atDoctor = night.pages(night.movesOn(reminded, 64.3), 64.4, [doctor]);
  const rechecked = night.asksAnew(night.accepts(atDoctor, 65, doctor), 80.1, 'repeat');
  return rowsOf(night.events, rechecked);
}

const rowsOf = (events: readonly EventRow[], last: Alert) =>
  events
    .filter(({ happened }) => happened !== null)
    .map(({ alert_id, seq, type, happened, state_hash }) => ({
      alert_id,
      seq: String(seq),
      type,
      happened,
      state_hash,
      listed_hash: seq === last.seq ? state_hash : null,
    }));

const isProved = (rows: readonly object[]) => {
  const { expected, missing } = foldCheck(rows);
  expect(expected).toBe(1);
  return missing === 0;
};

test('the events of an alert fold to what the table held', () => {
  expect(isProved(aHistory())).toBe(true);
});

test('an event that is missing makes it differ, whichever it is', () => {
  const rows = aHistory();
  // Without the first it is as if the alert had begun before: another check misses its beginning.
  expect(foldCheck(rows.slice(1)).expected).toBe(0);
  for (let index = 1; index < rows.length - 1; index++)
    expect(isProved(rows.toSpliced(index, 1))).toBe(false);
});

test('an event that is there twice, under a number of its own, makes it differ', () => {
  const rows = aHistory();
  for (const [index, row] of rows.entries()) {
    const twice = rows.toSpliced(index, 0, row).map((it, at) => {
      const seq = at + 1;
      return { ...it, seq: String(seq), happened: JSON.stringify({ ...JSON.parse(it.happened ?? ''), seq }) };
    });
    expect(isProved(twice)).toBe(false);
  }
});

test('a field that was changed makes it differ', () => {
  const rows = aHistory();
  const changes: [type: string, change: object][] = [
    ['raised', { level: 'emergency' }],
    ['raised', { patientId: 'p-2' }],
    ['asking', { deadline: '2026-03-02T07:59:00.000Z' }],
    ['escalated', { escalationLevel: 'lead' }],
    ['accepted', { clinicianId: 'nurse-1' }],
    ['accepted', { at: '2026-03-02T07:04:00.000Z' }],
    ['rechecked', { found: 'stillCritical' }],
  ];
  for (const [type, change] of changes) {
    const changed = rows.map((row) => {
      const event = JSON.parse(row.happened ?? '');
      return event.type === type ? { ...row, happened: JSON.stringify({ ...event, ...change }) } : row;
    });
    expect([type, change, isProved(changed)]).toEqual([type, change, false]);
  }
});

test('an alert that the table had otherwise makes it differ', () => {
  const rows = aHistory();
  expect(isProved([...rows.slice(0, -1), { ...rows.at(-1), listed_hash: 'f'.repeat(32) }])).toBe(false);
});

test.each([
  ['lacks fields', '{"type":"asking"}'],
  ['is no JSON', 'no JSON'],
  ['is missing', null],
])('what happened %s: that makes it differ, at whichever event', (_how, happened) => {
  const rows = aHistory();
  for (const [index, row] of rows.entries())
    expect([index, isProved(rows.with(index, { ...row, happened }))]).toEqual([index, false]);
});

test('an alert that began before the days that are read is not counted', () => {
  expect(foldCheck(aHistory().slice(1))).toMatchObject({ expected: 0, found: 0, missing: 0, example: null });
});
