/** `npm run prove -- [FILE.csv] [--seeds N]`: replays the file under N seeds of every kind of fault; nothing may be lost, raised twice or left unproved. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import { readRecordedReadings } from '../local/replay/recorded-readings.ts';
import { ReplaySummary } from '../local/replay/summary.ts';
import { problemsOf } from '../local/replay/verdict.ts';
import { runCommand } from './run-command.ts';
import { commandOfSeed, eachSeed, lanesFor, seedsFrom } from './seeds.ts';

const usage = 'Usage: npm run prove -- [FILE.csv] [--seeds N]';
const sample = 'test/data/physionet2012_sample60.csv';
const replayCommand = fileURLToPath(new URL('replay.ts', import.meta.url));

type Run = { seed: number; summary?: ReplaySummary; problems: string[] };

function argumentsOf(args: string[]): { fileName: string; seeds: number[] } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '20' } },
  });
  const [fileName = sample, ...more] = positionals;
  if (more.length > 0 || !/^[1-9]\d{0,3}$/.test(values.seeds)) throw new InputError(usage);
  return { fileName, seeds: seedsFrom(1, Number(values.seeds)) };
}

async function replayWith(fileName: string, seed: number): Promise<Run> {
  const args = [replayCommand, fileName, '--json', '--faults', String(seed)];
  const done = await commandOfSeed(args, (printed) => ReplaySummary.parse(printed));
  if ('failed' in done) return { seed, problems: [done.failed] };
  return { seed, summary: done.printed, problems: problemsOf(done.printed) };
}

function line({ seed, summary, problems }: Run, fileName: string): string {
  const injected = Object.values(summary?.faults ?? {}).flatMap((calls) => Object.values(calls));
  const figures = summary
    ? [
        `lost ${summary.lost}`,
        `raised twice ${summary.duplicated}`,
        `open ${summary.openAtEnd}`,
        `person or alarm ${summary.secondsToPersonOrAlarm.max ?? 0} s at most`,
        `of emergencies ${summary.secondsToPersonOrAlarmEmergency.max ?? 0} s`,
        `${injected.reduce((sum, count) => sum + count, 0)} faults`,
      ]
    : [];
  const again = `again: npm run replay -- ${fileName} --faults ${seed}`;
  return [
    problems.length > 0 ? 'FAILED' : 'proved',
    `seed ${String(seed).padStart(3)}`,
    ...figures,
    ...(problems.length > 0 ? [problems.join('; '), again] : []),
  ].join('   ');
}

/** Kinds of fault that no run injected: a proof that they are survived was not made. */
function neverInjected(runs: readonly Run[]): string[] {
  const kinds = runs.flatMap(({ summary }) => Object.entries(summary?.faults ?? {}));
  const seen = new Set(kinds.filter(([, calls]) => Object.keys(calls).length > 0).map(([kind]) => kind));
  return [...new Set(kinds.map(([kind]) => kind))].filter((kind) => !seen.has(kind));
}

await runCommand(async () => {
  const { fileName, seeds } = argumentsOf(process.argv.slice(2));
  const readings = readRecordedReadings(fileName).length;
  console.log(
    `${fileName}, ${readings} readings under ${seeds.length} seeds of faults, ${lanesFor(seeds)} at a time`,
  );
  const runs: Run[] = [];
  await eachSeed(seeds, async (seed) => {
    const run = await replayWith(fileName, seed);
    console.log(line(run, fileName));
    runs.push(run);
  });
  const missed = neverInjected(runs);
  if (missed.length > 0) console.log(`Not shown, since no run injected it: ${missed.join(', ')}`);
  const failed = runs.filter(({ problems }) => problems.length > 0).length;
  console.log(`${runs.length - failed} passed, ${failed} failed`);
  return failed + missed.length === 0 ? 0 : 1;
}, usage);
