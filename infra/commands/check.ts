/** `npm run check`: every check that needs no running system, one aligned line each; what fails is shown whole. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { grantedForAws } from '../local/granted-for-aws.ts';
import { inertTypes } from '../local/inert.ts';

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
/** Lines of the files in these folders. */
function linesOf(...folders: string[]): number {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.*`))
    .reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
}

console.log('\nResource types that the local account does not run');
for (const { type, reason } of inertTypes) console.log(`  ${type.padEnd(26)}  ${reason}`);
console.log('\nPermissions that AWS needs and no call on this machine asks for');
for (const { actions, reason } of grantedForAws) console.log(`  ${actions.join(', ')}\n    ${reason}`);
const local = linesOf('infra/local');
console.log('\nLines');
console.log(`  the local account           ${local}`);
console.log(`  what it lets us prove       ${linesOf('handlers', 'workflows', 'sql', 'infra') - local}`);
process.exitCode = failed > 0 ? 1 : 0;
