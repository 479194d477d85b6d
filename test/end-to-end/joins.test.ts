/** A reading that joins an open alert: its execution is over at once and says so, and nothing counts it as an escalation. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Execution } from '../../infra/local/services/step-functions/service.ts';
import { acceptAfter, aWard, type Ward } from './ward.ts';

let ward: Ward;
let executions: Execution[];
let summary: Awaited<ReturnType<Ward['report']>>;

beforeAll(async () => {
  ward = await aWard({ habits: acceptAfter(200) });
  for (let reading = 0; reading < 4; reading++) {
    await ward.measure(188, 112);
    await ward.seconds(30);
  }
  executions = [...ward.executions()];
  await ward.seconds(600);
  summary = await ward.report();
});
afterAll(() => ward.vigil.stop());

test('each critical reading has its execution; all but the first are over after three states', () => {
  const [carrying, ...joining] = executions;
  expect(carrying?.status).toBe('RUNNING');
  expect(joining).toHaveLength(3);
  for (const { executionArn, status } of joining) {
    expect(status).toBe('SUCCEEDED');
    expect(ward.states(executionArn)).toEqual(['Open alert', 'What now?', 'Joined']);
  }
});

test('its output says at one glance that it joined, which alert, and which execution carries it', () => {
  const [carrying, ...joining] = executions;
  const { reference } = ward.alert();
  for (const { output } of joining)
    expect(output).toBe(
      JSON.stringify({ outcome: 'joined', reference: `VG ${reference}`, carriedBy: carrying?.name }),
    );
});

test('the report counts one alert and three readings that joined it, and no escalation for them', () => {
  expect(summary).toMatchObject({
    critical: 4,
    alertsOpened: 1,
    readingsJoined: 3,
    escalatedToDoctor: 0,
    pagesSent: 1,
    accepted: 1,
    duplicated: 0,
    reconciled: true,
  });
});
