/** Seeds in processes of their own, as many at a time as cores and memory allow: each makes its process's time and randomness virtual. */
import { type ChildProcess, execFile } from 'node:child_process';
import { availableParallelism, freemem } from 'node:os';

/** As `npm run replay` has them: seldom collected, and yet bounded. */
const memory = ['--max-semi-space-size=64', '--max-old-space-size=2048'];
/** What such a process takes at most, with room to spare. */
const bytesOfSeed = 2.5 * 1024 ** 3;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** How many seeds run at a time. */
export function lanesFor(seeds: readonly number[]): number {
  return Math.max(1, Math.min(availableParallelism(), seeds.length, Math.floor(freemem() / bytesOfSeed)));
}

/** Each lane takes the next seed when it is done with one. */
export async function eachSeed(
  seeds: readonly number[],
  run: (seed: number) => Promise<void>,
): Promise<void> {
  const waiting = seeds.values();
  const lane = async () => {
    for (const seed of waiting) await run(seed);
  };
  await Promise.all(Array.from({ length: lanesFor(seeds) }, lane));
}

/** What a command printed as JSON, read by `parse`; else why it did not. */
export function commandOfSeed<Printed>(
  args: readonly string[],
  parse: (printed: unknown) => Printed,
): Promise<{ printed: Printed } | { failed: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 ** 2 };
    const child = execFile(process.execPath, [...memory, ...args], options, (error, stdout, stderr) => {
      running.delete(child);
      try {
        resolve({ printed: parse(JSON.parse(stdout)) });
      } catch {
        const why = stderr.split('\n').find((said) => /^\w*Error\b/.test(said));
        resolve({ failed: why ?? error?.message ?? 'it printed nothing' });
      }
    });
    running.add(child);
  });
}

/** `count` of them, from the first one on. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
