/** `npm run replay -- FILE.csv [--policy NAME] [--json] [--seed N] [--start ISO] [--faults SEED] [--log FILE]`: real readings through the whole system. */
import { createWriteStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { InputError } from '../input-error.ts';
import { faultTable } from '../local/replay/fault-table.ts';
import { policyNames } from '../local/replay/hospital.ts';
import { readRecordedReadings } from '../local/replay/recorded-readings.ts';
import { replay } from '../local/replay/replay.ts';
import type { ReplaySummary } from '../local/replay/summary.ts';
import { problemsOf } from '../local/replay/verdict.ts';
import { runCommand } from './run-command.ts';

const usage =
  'Usage: npm run replay -- FILE.csv [--policy NAME] [--json] [--seed N] [--start ISO] [--faults SEED] [--log FILE]';

const tableFile = fileURLToPath(new URL('../../sql/tables/readings.sql', import.meta.url));

/** The day on which the archive's tables begin: no query finds what is older. */
function firstDay(): string {
  const [, day] = /'projection\.dt\.range' = '(.{10}),/.exec(readFileSync(tableFile, 'utf8')) ?? [];
  return day as string;
}

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      policy: { type: 'string', default: 'adult' },
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      start: { type: 'string', default: '2026-03-02T00:00:00Z' },
      faults: { type: 'string' },
      log: { type: 'string' },
    },
  });
  const [fileName, ...more] = positionals;
  if (!fileName || more.length > 0) throw new InputError(usage);
  const start = DateTime.fromISO(values.start, { zone: 'utc' });
  if (!start.isValid) throw new InputError(`--start: not an ISO 8601 instant\n${usage}`);
  if (start < DateTime.fromISO(firstDay(), { zone: 'utc' }))
    throw new InputError(
      `--start: before ${firstDay()}, where the archive's tables begin. Only the minutes between readings matter\n${usage}`,
    );
  if (!/^\d+$/.test(values.seed)) throw new InputError(`--seed: not a whole number\n${usage}`);
  if (values.faults !== undefined && !/^\d+$/.test(values.faults))
    throw new InputError(`--faults: not a whole number\n${usage}`);
  if (!policyNames.includes(values.policy))
    throw new InputError(
      `--policy: no policy has this name. Choose one of: ${policyNames.join(', ')}\n${usage}`,
    );
  return { ...values, fileName, seed: Number(values.seed), startAt: start.toISO() };
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join('; ');
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, part]) => `${name} ${part ?? '-'}`)
      .join('  ');
  return String(value ?? '-');
}

function aligned(rows: [name: string, text: string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

function table({ faults, ...summary }: ReplaySummary): string {
  const verdict = aligned(Object.entries(summary).map(([name, value]) => [name, printed(value)]));
  return faults ? `${verdict}\n\n${faultTable(faults)}` : verdict;
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
    ...(options.faults !== undefined && { faultSeed: Number(options.faults) }),
    ...(log && { onEvent: (line: string) => void log.write(line) }),
    ...(progress && { onProgress: progress }),
  });
  log?.end();
  console.log(options.json ? JSON.stringify(summary) : table(summary));
  const problems = problemsOf(summary);
  if (problems.length > 0) console.error(`Not proved: ${problems.join('; ')}`);
  return problems.length > 0 ? 1 : 0;
}, usage);
