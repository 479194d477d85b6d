/** Handlers and SQL find each for itself whether a reading was overtaken: what is set aside by the one is right by the other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consumed, life, streamOf } from '../handlers/reading/device-lives.ts';
import { Archive } from './archive.ts';
import { Night } from './night.ts';

const archive = new Archive();

test('whatever devices hold back and clocks do, the proof bears out each reading that the handlers set aside', async () => {
  const night = new Night();
  let setAside = 0;
  for (const [index, of] of fc.sample(life, { seed: 31, numRuns: 400 }).entries()) {
    const ofOne = { patientId: `p-${index}`, deviceId: `bp-${index}`, systolicMmHg: 230 };
    for (const [{ one }, standing] of consumed(streamOf(of), [30])) {
      const { measuredAt, arrivedAt } = one.reading;
      const arrived = night.arrives(0, { ...ofOne, measuredAt, arrivedAt });
      if (standing !== 'overtaken') night.raises(arrived);
      else night.supersedes(arrived, new Date(Date.parse(arrivedAt) + 31_000).toISOString());
      setAside += standing === 'overtaken' ? 1 : 0;
    }
  }
  archive.holds(night);
  const rows = await archive.ask('reconciliation');
  expect(setAside).toBeGreaterThan(50);
  expect(rows.find(({ check_name }) => check_name === 'alarmingReadingsTaken')).toMatchObject({
    missing: '0',
    example: null,
  });
});
