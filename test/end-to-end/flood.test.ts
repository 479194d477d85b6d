/** One source asks without end while a nurse has an alert to answer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpApiService } from '../../infra/local/services/http-api.ts';
import { acceptAfter, aWard, type Ward } from './ward.ts';

const flooder = '192.0.2.66';
let ward: Ward;
let statuses: number[];

/** One request after the other, so that one instance has them all: as fast as it answers, some hundred a second. */
async function flood(api: HttpApiService, times: number): Promise<number[]> {
  const seen: number[] = [];
  for (let request = 0; request < times; request++) {
    const { status } = await api.request({
      method: 'GET',
      path: '/page/a-link-of-22-characters',
      sourceIp: flooder,
    });
    seen.push(status);
  }
  return seen;
}

beforeAll(async () => {
  ward = await aWard({ habits: acceptAfter(20) });
  await ward.measure(188, 112);
  await ward.seconds(5);
  statuses = await ward.vigil.until(flood(ward.vigil.service<HttpApiService>('http-api'), 2200));
});
afterAll(() => ward.vigil.stop());

test('it is let through more often than a whole ward asks, and then refused', () => {
  const refusedFrom = statuses.indexOf(429);
  expect(refusedFrom).toBeGreaterThan(1600);
  expect(refusedFrom).toBeLessThan(2100);
  // Her request beside it begins a second instance, with a bucket of its own: until that one has its turn, all are refused.
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(100);
});

test('the nurse, who answers in the midst of it, has the alert', () => {
  expect(ward.alert()).toMatchObject({
    standing: { is: 'owned', owner: { role: 'nurse', round: 1 } },
    step: { escalationLevel: 'nurse' },
  });
});

test('the log tells its requests from hers by a hash, and has no address', () => {
  const served = ward
    .logs()
    .filter((line) => line.includes('"page-served"'))
    .map((line) => JSON.parse(line));
  const byStatus = (status: number) =>
    new Set(served.filter((line) => line.status === status).map(({ source }) => source));
  const [flooding] = byStatus(429);
  expect([...byStatus(404)]).toEqual([flooding]);
  expect(byStatus(200).size).toBe(1);
  expect(byStatus(200)).not.toContain(flooding);
  expect(ward.logs().filter((line) => line.includes(flooder) || line.includes('10.0.0.0'))).toEqual([]);
});
