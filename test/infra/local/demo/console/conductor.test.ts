import { expect, test } from 'vitest';
import { Conductor } from '../../../../../infra/local/demo/console/conductor.ts';
import { Clock } from '../../../../../infra/local/engine/clock.ts';
import { seededRandom } from '../../../../../infra/local/engine/random.ts';

const aConductor = () => {
  const clock = new Clock(0, seededRandom(1, 'ties'));
  return { clock, conductor: new Conductor(clock, () => false) };
};

test('a newer hurry takes the place of an older one, whose waiters go on', async () => {
  const { clock, conductor } = aConductor();
  const first = conductor.hurry('the report', 3_600_000);
  const second = conductor.hurry('03:02:00', 120_000);
  await first;
  expect(conductor.errand).toBe('03:02:00');
  const running = conductor.run();
  await second;
  conductor.stop();
  await running;
  expect(clock.now()).toBeGreaterThanOrEqual(120_000);
  expect(clock.now()).toBeLessThan(3_600_000);
});
