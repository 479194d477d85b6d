import { beforeEach, expect, test } from 'vitest';
import { asideRows, type EventRow } from '../../handlers/alert/event-rows.ts';
import { setAside } from '../../handlers/alert/set-aside.ts';
import { foldCheck } from '../../handlers/reporting/folds.ts';
import { Archive } from './archive.ts';
import { aNight, minute, type Night } from './night.ts';

const archive = new Archive();

let night: Night;
beforeEach(() => {
  night = aNight();
  // One that is still open, so that the table's list says what it had.
  night.accepts(night.pages(night.raises(night.arrives(100, { patientId: 'p-9' })), 100.05), 101);
});
const folded = async () => {
  const { expected, missing, example } = foldCheck(await archive.ask('histories'));
  return { expected, missing, example };
};

test('every alert is the fold of its events, each once however often it was delivered, in their order', async () => {
  night.events = [...night.events, ...night.events].reverse();
  archive.holds(night);
  expect(await folded()).toEqual({ expected: 2, missing: 0, example: null });
});

test('an event that the archive lacks is found, and so is one that was changed', async () => {
  const alertId = night.open()[0]?.alertId ?? '';
  const of = (type: string) => (row: EventRow) => row.alert_id === alertId && row.type === type;
  const { events } = night;
  night.events = events.filter((row) => !of('paged')(row));
  archive.holds(night);
  expect(await folded()).toEqual({ expected: 2, missing: 1, example: alertId });
  night.events = events.map((row) =>
    of('accepted')(row) ? { ...row, happened: (row.happened ?? '').replace('nurse-1', 'nurse-2') } : row,
  );
  archive.holds(night);
  expect(await folded()).toEqual({ expected: 2, missing: 1, example: alertId });
});

test('an alert that the table had otherwise is found', async () => {
  const [open] = night.open();
  if (!open) throw new Error('An alert is open');
  archive.holds(night, [{ ...open, policy: 'obstetric' }]);
  expect(await folded()).toMatchObject({ expected: 2, missing: 1, example: open.alertId });
});

test.each(['raised', 'asking', 'paged', 'accepted'])(
  'an event %s of which nothing is left but its row is found',
  async (type) => {
    const [open] = night.open();
    if (!open) throw new Error('An alert is open');
    night.events = night.events.map((row) =>
      row.alert_id === open.alertId && row.type === type ? { ...row, happened: null, state_hash: null } : row,
    );
    archive.holds(night);
    expect(await folded()).toEqual({ expected: 2, missing: 1, example: open.alertId });
  },
);

test('an alert that was set aside is the fold of its events up to there', async () => {
  const [open] = night.open();
  if (!open) throw new Error('An alert is open');
  night.events.push(...asideRows(setAside({ ...open, round: 'one' }, minute(102))));
  archive.holds(night);
  expect(await folded()).toEqual({ expected: 2, missing: 0, example: null });
});
