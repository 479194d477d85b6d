/**
 * Storms in which something else goes wrong as well: turns are missed, or cannot be taken. A turn that has gone by is
 * nobody's, a mail that waits is come back for, and SNS suspends nobody.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aFloodedWard, type FloodedWard } from './flooded-ward.ts';
import { hospital } from './ward.ts';

// Hundreds of executions: a minute, and several on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

let ward: FloodedWard | undefined;
afterEach(() => {
  ward?.vigil.stop();
  ward = undefined;
});

const roleOf = (to: string) => hospital.clinicians.find(({ email }) => email === to)?.role;

describe('emergencies, which mail two people each', () => {
  test.each([40, 200])('%i in one second: nobody is suspended, and no alert is stuck', async (count) => {
    ward = await aFloodedWard();
    await ward.flood(count, 232, 133);
    await ward.seconds(300);
    expect(ward.suspended).toEqual([]);
    expect(ward.logged('alert-raised-again')).toEqual([]);
  });
});

describe.each(['lambda', 'dynamodb'])('%s is away for 4.5 s in the middle of a storm', (service) => {
  test('the turns that were missed are not all used at once', async () => {
    ward = await aFloodedWard();
    await ward.flood(150);
    await ward.seconds(14);
    const back = ward.vigil.faults.outage(service);
    await ward.seconds(4.5);
    back();
    await ward.seconds(120);
    expect(ward.suspended).toEqual([]);
    expect(ward.pages().filter(({ to }) => roleOf(to) === 'nurse').length).toBeGreaterThan(60);
  });
});

test('sixty mails for which no turn can be taken at first: none goes out unpaced, and all go out', async () => {
  ward = await aFloodedWard();
  const back = ward.vigil.faults.outage('dynamodb:UpdateItem');
  await ward.flood(60);
  await ward.seconds(3);
  expect(ward.logged('turn-not-taken').length).toBeGreaterThanOrEqual(60);
  back();
  expect(ward.pages()).toEqual([]);
  await ward.seconds(60);
  expect(ward.suspended).toEqual([]);
  const mailed = ward.pages().filter(({ to }) => roleOf(to) === 'nurse');
  expect(new Set(mailed.map(({ subject }) => subject.slice(-6))).size).toBe(60);
});
