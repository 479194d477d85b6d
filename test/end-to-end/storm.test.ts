/**
 * Many alerts at once: SNS suspends who gets more than ten mails a second, and whoever is suspended hears of nothing more.
 * Nobody may be, every page has to go out, and an emergency in the middle of it reaches its people at once.
 */
import { afterEach, expect, test } from 'vitest';
import type { DeliveredMail } from '../../infra/local/services/sns/service.ts';
import { aFloodedWard, type FloodedWard, manyReadings } from './flooded-ward.ts';
import { operationsAddress, roleOf } from './ward.ts';

let ward: FloodedWard | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const referenceOf = ({ subject }: DeliveredMail) => subject.slice(-6);

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);

test('twelve critical readings in one record: each is paged, and nobody’s subscription is lost', async () => {
  const it = await aFloodedWard();
  ward = it;
  await it.put(JSON.stringify(manyReadings(it, numbered(12), 205, 118)));
  await it.seconds(1200);
  expect(it.suspended).toEqual([]);
  const toNurse = it.pages().filter((mail) => roleOf(mail) === 'nurse');
  expect(new Set(toNurse.map(referenceOf)).size).toBe(12);
  const toOperations = it
    .mails()
    .filter(({ to, subject }) => to === operationsAddress && /EVERYONE/.test(subject));
  expect(toOperations).toHaveLength(12);
  // Hours later, the road is still open.
  const before = it.pages().length;
  await it.measure(232, 133);
  await it.seconds(10);
  expect(it.pages().slice(before).map(roleOf).sort()).toEqual(['doctor', 'nurse']);
});

test('five hundred alerts in one minute: nobody suspended, every page made, and an emergency reaches nurse and doctor within seconds', async () => {
  const it = await aFloodedWard();
  ward = it;
  const start = it.vigil.clock.now();
  for (let tenth = 0; tenth < 10; tenth++) {
    await it.flood(50, 205, 118, `p${tenth}-`);
    await it.seconds(6);
  }
  const emergencyAt = it.vigil.clock.now();
  await it.measure(232, 133);
  await it.seconds(15);
  const emergencies = it.pages().filter(({ subject }) => subject.includes('EMERGENCY'));
  expect(emergencies.map(roleOf).sort()).toEqual(['doctor', 'nurse']);
  const worstEmergency = Math.max(...emergencies.map(({ at }) => at - emergencyAt)) / 1000;
  // Each nurse’s mail and its reminder.
  await it.seconds(3 * 60);
  expect(it.suspended).toEqual([]);

  // Each alert's first mail: to the nurse, or to the doctor where the nurse's turn would have come too late.
  const first = new Map<string, number>();
  for (const mail of it.pages())
    first.set(referenceOf(mail), Math.min(mail.at, first.get(referenceOf(mail)) ?? mail.at));
  expect(first.size).toBe(501);
  const worst = Math.max(...first.values()) - start;
  console.info(`worst wait for a first page ${worst / 1000} s, for the emergency's ${worstEmergency} s`);
  expect(worst).toBeLessThan(180_000);
  expect(worstEmergency).toBeLessThan(10);
  const summary = await it.report();
  expect(summary).toMatchObject({ alertsOpened: 501, lost: 0, duplicated: 0, reconciled: true });
}, 300_000);
