/** Replays the first six hours of a CSV with a seed and prints the SHA-256 of the event log. */
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { replay } from '../../infra/local/replay/replay.ts';

const [fileName, seed] = process.argv.slice(2);
const readings = readRecordedReadings(fileName as string).filter((reading) => reading.minute < 360);
const { digest } = await replay({
  readings,
  policy: 'adult',
  seed: Number(seed),
  startAt: '2026-03-02T00:00:00.000Z',
});
console.log(digest);
