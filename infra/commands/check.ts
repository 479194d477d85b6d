/** `npm run check`: every check that needs no running system, one aligned line each; what fails is shown whole. */
import { spawnSync } from 'node:child_process';

const checks: [name: string, command: string, ...args: string[]][] = [
  ['format, lint, import rules', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['dead code', 'knip', '--no-progress'],
  ['workflows', 'node', 'infra/commands/lint-asl.ts'],
  ['SQL', 'node', 'infra/commands/lint-sql.ts'],
  ['licences', 'node', 'infra/commands/check-licences.ts'],
  ['template and cdk-nag', 'node', 'infra/commands/synth.ts'],
];

let failed = 0;
for (const [name, command, ...args] of checks) {
  const started = performance.now();
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const ok = result.status === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(28)} ${seconds} s`);
  if (ok) continue;
  failed++;
  console.log(`${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`);
}
process.exitCode = failed > 0 ? 1 : 0;
