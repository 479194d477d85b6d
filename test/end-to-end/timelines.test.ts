/** Stories of single records and of when they are put (test/data/cases/timelines), with people who answer as each says. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { asOperator } from '../../infra/local/account/account.ts';
import { addresseeOf } from './browser.ts';
import { acceptAfter, aWard, operationsAddress, roleOf, type Ward } from './ward.ts';

type Timeline = {
  people: 'nobody answers' | 'accept after 40 s';
  startAt: string;
  records: { putAt: string; partitionKey: string; data: object }[];
};

let ward: Ward | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const suspended: string[] = [];

/** A ward on which all of it has happened, up to its last record; `change`: what its records say otherwise. */
async function told(
  name: string,
  change: (records: Timeline['records']) => Timeline['records'] = (all) => all,
) {
  const file = `test/data/cases/timelines/${name}.json`;
  const { people, startAt, records }: Timeline = JSON.parse(readFileSync(file, 'utf8'));
  suspended.length = 0;
  const it = await aWard({
    startAt: new Date(startAt).toISOString(),
    ...(people === 'accept after 40 s' && { habits: acceptAfter(40) }),
    onEvent: (line) => void (line.includes('subscription suspended') && suspended.push(line)),
  });
  ward = it;
  for (const { putAt, partitionKey, data } of change(records)) {
    await it.vigil.clock.run(Date.parse(putAt));
    await asOperator(it.vigil, 'kinesis', 'PutRecord', {
      StreamName: it.vigil.outputs.StreamName,
      PartitionKey: partitionKey,
      Data: Buffer.from(JSON.stringify(data)),
    });
  }
  return it;
}

const purposes = (it: Ward, from = 0) =>
  it
    .pages()
    .slice(from)
    .map(({ subject }) => /^(?:[A-Z]+(?: [A-Z]+)*(?=:))?/.exec(subject)?.[0]);
const wardsOf = (it: Ward, from = 0) =>
  new Set(
    it
      .pages()
      .slice(from)
      .flatMap((mail) => addresseeOf(mail).wards),
  );

test('a burst of eleven: nobody’s subscription is lost, and the later emergency reaches nurse and doctor at once', async () => {
  const it = await told('t-burst-of-eleven');
  const before = it.pages().length;
  await it.seconds(10);
  const later = it
    .pages()
    .slice(before)
    .filter(({ subject }) => subject.includes('EMERGENCY'));
  expect(later.map(roleOf).sort()).toEqual(['doctor', 'nurse']);
  expect(suspended).toEqual([]);
  await it.seconds(600);
  const toOperations = it.mails().filter(({ to }) => to === operationsAddress);
  expect(toOperations.some(({ subject }) => subject.includes('EMERGENCY'))).toBe(true);
  expect(suspended).toEqual([]);
}, 120_000);

test('a clock that did not jump in spring: each live emergency is raised, and the report names the device', async () => {
  const it = await told('t-dst-spring-clock-did-not-jump', (all) => all.slice(0, 2));
  await it.seconds(2);
  expect(it.pages().length).toBeGreaterThan(0);
  await it.seconds(2);
  expect(it.pages().map(roleOf).sort()).toEqual(['doctor', 'nurse']);
  it.vigil.stop();
  const whole = await told('t-dst-spring-clock-did-not-jump');
  await whole.seconds(600);
  const { summary, html, page } = await whole.reported();
  expect(summary).toMatchObject({
    emergency: 4,
    alertsOpened: 1,
    readingsJoined: 3,
    superseded: 0,
    clocksOff: 1,
  });
  expect(html).toContain('<h1 class="bad">');
  expect(page).toContain('Delay of the last reading bp-001 ');
}, 120_000);

test('a good reading that is withdrawn is no recovery: at the recheck the alert asks to repeat the measurement', async () => {
  const it = await told('t-good-reading-withdrawn');
  await it.seconds(900);
  expect(it.alerts()).toMatchObject([{ round: { number: 2, asking: 'repeat' } }]);
  expect(purposes(it)).toEqual(['', 'REPEAT MEASUREMENT']);
  expect(await it.report()).toMatchObject({
    readings: 3,
    archived: 3,
    critical: 1,
    openAtEnd: 1,
    reconciled: true,
  });
});

test('the same without its withdrawal recovers', async () => {
  const it = await told('t-good-reading-withdrawn', (all) => all.slice(0, 2));
  await it.seconds(900);
  expect(it.alerts()).toMatchObject([{ standing: { is: 'closed', reason: 'recovered' } }]);
});

test('the alarming reading is withdrawn: the owner is asked to measure, and the report does not count it', async () => {
  const it = await told('t-good-reading-withdrawn', ([first, , last]) => {
    const withdrawn = { ...first?.data, status: 'entered-in-error' };
    return first && last ? [first, { ...last, data: withdrawn }] : [];
  });
  await it.seconds(5);
  expect(it.alerts()).toMatchObject([{ round: { number: 2, asking: 'withdrawn' }, withdrawal: 'told' }]);
  expect(purposes(it)).toEqual(['', 'REPEAT MEASUREMENT']);
  expect(it.pages().at(-1)?.text).toContain('withdrawn or corrected');
  expect(it.pages().map(roleOf)).toEqual(['nurse', 'nurse']);
  await it.seconds(60);
  expect(it.alerts()).toMatchObject([{ standing: { is: 'owned', owner: { round: 2 } } }]);
  await it.seconds(1000);
  expect(it.alerts()).toMatchObject([{ round: { number: 3, asking: 'repeat' } }]);
  expect(await it.report()).toMatchObject({
    archived: 2,
    critical: 0,
    alertsOpened: 1,
    lost: 0,
    reconciled: true,
  });
});

test('a patient who moves and gets worse is announced to the ward where the patient lies now, by its bed', async () => {
  const it = await told('t-patient-moves-ward', (all) => all.slice(0, 1));
  await it.seconds(300);
  expect(wardsOf(it)).toEqual(new Set(['ward-001']));
  it.vigil.stop();
  const whole = await told('t-patient-moves-ward');
  const before = whole.pages().length;
  await whole.seconds(20);
  expect(wardsOf(whole, before)).toContain('ward-002');
  const news = whole.pages().slice(before);
  expect(news.length).toBeGreaterThan(2);
  for (const { subject, text } of news) {
    expect(subject).toContain('WORSE: EMERGENCY blood pressure - ward-002 bed 1');
    expect(text).toContain('ward-002 bed 1');
  }
});

test('a spot-check monitor’s next patient does not end the alert of the one before', async () => {
  const it = await told('t-spot-check-monitor');
  await it.seconds(900);
  expect(it.alerts()).toMatchObject([{ round: { number: 2, asking: 'repeat' } }]);
  expect(purposes(it)).toEqual(['', 'REPEAT MEASUREMENT']);
});
