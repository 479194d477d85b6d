/** `npm run replay -- FILE.csv [--policy NAME] [--json] [--seed N] [--start ISO] [--log FILE]`: real readings through the whole system. */
import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { InputError, runCommand } from '../input-error.ts';
import { readRecordedReadings } from '../local/replay/recorded-readings.ts';
import { type ReplaySummary, replay } from '../local/replay/replay.ts';

const usage =
  'Usage: npm run replay -- FILE.csv [--policy NAME] [--json] [--seed N] [--start ISO] [--log FILE]';

function argumentsOf(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        policy: { type: 'string', default: 'adult' },
        json: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        start: { type: 'string', default: '2026-03-02T00:00:00Z' },
        log: { type: 'string' },
      },
    });
    const [fileName, ...more] = positionals;
    if (!fileName || more.length > 0) throw new InputError(usage);
    const start = DateTime.fromISO(values.start, { zone: 'utc' });
    if (!start.isValid) throw new InputError(`--start: not an ISO 8601 instant\n${usage}`);
    if (!/^\d+$/.test(values.seed)) throw new InputError(`--seed: not a whole number\n${usage}`);
    return { ...values, fileName, seed: Number(values.seed), startAt: start.toISO() };
  } catch (error) {
    if (error instanceof TypeError) throw new InputError(`${error.message}\n${usage}`);
    throw error;
  }
}

function printed(value: unknown): string {
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, part]) => `${name} ${part ?? '-'}`)
      .join('  ');
  return String(value ?? '-');
}

function table(summary: ReplaySummary): string {
  const names = Object.keys(summary);
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${printed(summary[name])}`).join('\n');
}

await runCommand(async () => {
  const options = argumentsOf(process.argv.slice(2));
  const readings = readRecordedReadings(options.fileName);
  const log = options.log ? createWriteStream(options.log) : undefined;
  const progress = process.stderr.isTTY
    ? (done: number, of: number) =>
        void process.stderr.write(`\r${done} of ${of} readings${done === of ? '\n' : ''}`)
    : undefined;
  const { summary } = await replay({
    readings,
    policy: options.policy,
    seed: options.seed,
    startAt: options.startAt,
    ...(log && { onEvent: (line: string) => void log.write(line) }),
    ...(progress && { onProgress: progress }),
  });
  log?.end();
  console.log(options.json ? JSON.stringify(summary) : table(summary));
  return summary.lost === 0 && summary.duplicated === 0 && summary.reconciled ? 0 : 1;
});
