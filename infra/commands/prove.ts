/** `npm run prove -- [FILE.csv] [--seeds N]`: replays the file under N seeds of every kind of fault; nothing may be lost, raised twice or left unproved. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError, runCommand } from '../input-error.ts';
import type { ReplaySummary } from '../local/replay/replay.ts';

const usage = 'Usage: npm run prove -- [FILE.csv] [--seeds N]';
const sample = 'test/data/physionet2012_sample60.csv';
const replayCommand = fileURLToPath(new URL('replay.ts', import.meta.url));

type Run = { seed: number; summary?: ReplaySummary; problem?: string };

function argumentsOf(args: string[]): { fileName: string; seeds: number[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { seeds: { type: 'string', default: '20' } },
    });
    const [fileName = sample, ...more] = positionals;
    if (more.length > 0 || !/^[1-9]\d{0,3}$/.test(values.seeds)) throw new InputError(usage);
    return { fileName, seeds: Array.from({ length: Number(values.seeds) }, (_, index) => index + 1) };
  } catch (error) {
    if (error instanceof TypeError) throw new InputError(`${error.message}\n${usage}`);
    throw error;
  }
}

/** As `npm run replay` has them: seldom collected, and yet two runs of 96,591 readings within 5 GB. */
const memory = ['--max-semi-space-size=64', '--max-old-space-size=2048'];

/** One replay in a process of its own: it makes that process's time and randomness virtual. */
function replayWith(fileName: string, seed: number): Promise<Run> {
  return new Promise((resolve) => {
    const args = [...memory, replayCommand, fileName, '--json', '--faults', String(seed)];
    execFile(process.execPath, args, (_error, stdout, stderr) => {
      if (!stdout) return resolve({ seed, problem: stderr.trim().split('\n').at(-1) ?? 'it said nothing' });
      const summary = JSON.parse(stdout) as ReplaySummary;
      const { lost, duplicated, reconciled, gaps } = summary;
      const isProved = lost === 0 && duplicated === 0 && reconciled;
      resolve({
        seed,
        summary,
        ...(!isProved && { problem: (gaps as string[]).join('; ') || 'not proved' }),
      });
    });
  });
}

function line({ seed, summary, problem }: Run): string {
  const injected = Object.values(summary?.faults ?? {}).flatMap((calls) => Object.values(calls));
  const figures = summary
    ? [
        `lost ${summary.lost}`,
        `twice ${summary.duplicated}`,
        `open ${summary.openAtEnd}`,
        `person or alarm ${(summary.secondsToPersonOrAlarm as { max: number }).max} s at most`,
        `${injected.reduce((sum, count) => sum + count, 0)} faults`,
      ]
    : [];
  return [problem ? 'FAILED' : 'proved', `seed ${String(seed).padStart(3)}`, ...figures, problem]
    .filter((part) => part !== undefined)
    .join('   ');
}

/** Kinds of fault that no run injected: a proof that they are survived was not made. */
function neverInjected(runs: readonly Run[]): string[] {
  const kinds = runs.flatMap(({ summary }) => Object.entries(summary?.faults ?? {}));
  const seen = new Set(kinds.filter(([, calls]) => Object.keys(calls).length > 0).map(([kind]) => kind));
  return [...new Set(kinds.map(([kind]) => kind))].filter((kind) => !seen.has(kind));
}

await runCommand(async () => {
  const { fileName, seeds } = argumentsOf(process.argv.slice(2));
  console.log(`${fileName} under ${seeds.length} seeds of faults, ${availableParallelism()} at a time`);
  const runs: Run[] = [];
  const waiting = seeds.values();
  // One lane a core: each takes the next seed when it is done with one.
  const lane = async () => {
    for (const seed of waiting) {
      const run = await replayWith(fileName, seed);
      console.log(line(run));
      runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const missed = neverInjected(runs);
  if (missed.length > 0) console.log(`Never injected: ${missed.join(', ')}`);
  const failed = runs.filter(({ problem }) => problem !== undefined).length + missed.length;
  console.log(`${runs.length - failed + missed.length} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
