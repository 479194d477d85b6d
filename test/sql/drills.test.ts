/** Drills in the archive: a table of their own, in no figure of patients, and proved like any other. */
import { beforeAll, expect, test } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { checksOf, isClean } from '../../handlers/reporting/checks.ts';
import { Archive } from './archive.ts';
import { aNight, doctor, minute, type Night, nurse } from './night.ts';

const archive = new Archive();

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

const ask = async (night: Night, query: string) => {
  archive.holds(night);
  return archive.ask(query);
};
const gapsOf = async (night: Night) =>
  checksOf(await ask(night, 'reconciliation'))
    .filter((check) => !isClean(check))
    .map(({ name }) => name);

const accepted = (night: Night, from: number, said = {}): Alert =>
  night.ends(night.accepts(night.pages(night.drills(from, said), from + 0.05), from + 2), from + 2.01);

/** An emergency, of the patient whose own alert is told of elsewhere in the night; nobody answers. */
function missed(night: Night, from: number): Alert {
  const drill = night.drills(from, { systolicMmHg: 232, diastolicMmHg: 133 });
  const asked = night.declines(night.pages(drill, from + 0.05), from + 0.5, nurse);
  const all = night.pages(night.movesOn(asked, from + 1, 'everybodyDeclined'), from + 1.05, [nurse, doctor]);
  return night.ends(night.tellsOperations(all, from + 1.1), from + 16.1);
}

function withDrills(): Night {
  const night = aNight();
  accepted(night, 100);
  missed(night, 200);
  accepted(night, 300, { patientId: 'p-2' });
  night.pages(night.drills(1439, { patientId: 'p-3' }), 1439.05);
  return night;
}

test('no figure of patients counts them', async () => {
  const [before] = await ask(aNight(), 'summary');
  const count = (added: number, name: string) => String(Number(before?.[name]) + added);
  expect(await ask(withDrills(), 'summary')).toEqual([
    { ...before, readings: count(4, 'readings'), archived: count(4, 'archived') },
  ]);
});

test('they stand in none of the tables of patients and devices', async () => {
  const tables = [
    'alerts',
    'answers_by_ward',
    'attention',
    'technical',
    'suspect',
    'silence',
    'devices_heard',
  ];
  for (const query of [...tables, 'abnormal_readings']) {
    const before = await ask(aNight(), query);
    expect([query, await ask(withDrills(), query)]).toEqual([query, before]);
  }
});

test('a table of their own says where, when, how soon, by whom, and how each ended', async () => {
  const night = withDrills();
  accepted(night, -30);
  const at = (minutes: number) => minute(minutes).replace('T', ' ').replace('Z', '');
  const nobody = { seconds_to_acceptance: null, accepted_by_role: null };
  const byNurse = { seconds_to_acceptance: '120.0', accepted_by_role: 'nurse', ended: 'drill' };
  const row = (minutes: number, level = 'critical') => ({
    ward: 'ward-001',
    kind: 'drill',
    arrived_at: at(minutes),
    level,
  });
  expect(await ask(night, 'drills')).toEqual([
    { ...row(100), ...byNurse },
    { ...row(200, 'emergency'), ...nobody, ended: 'missed' },
    { ...row(300), ...byNurse },
    { ...row(1439), ...nobody, ended: 'open' },
  ]);
});

test('their events come out even, and a missing one is seen', async () => {
  const night = aNight();
  accepted(night, 100);
  missed(night, 200);
  expect(await gapsOf(night)).toEqual([]);
  night.events = night.events.filter(
    ({ alert_key, type }) => !alert_key.startsWith('DRILL') || type !== 'accepted',
  );
  expect(await gapsOf(night)).toContain('eventNumbersComplete');
});

test('one that reaches nobody has shown just that, and is no gap', async () => {
  const night = aNight();
  const top = ['nurse', 'doctor', 'lead'].reduce(
    (alert, _level, index) => night.movesOn(alert, 100.1 + index / 10, 'nobodyReached'),
    night.drills(100),
  );
  night.ends(night.movesOn(top, 101, 'nobodyReached'), 101.1);
  expect(await gapsOf(night)).toEqual([]);
});

test('a test that is taken for a patient’s would be seen', async () => {
  const night = aNight();
  night.arrives(100, { patientId: 'p-7' });
  accepted(night, 100.5, { patientId: 'p-7' });
  expect(await gapsOf(night)).toEqual(['alarmingReadingsTaken']);
});
