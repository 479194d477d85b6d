/** `npm run check`: every check that needs no running system, one aligned line each; what fails is shown whole. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { synthesize } from '../build/synthesize.ts';
import { startAccount } from '../local/account/account.ts';
import { grantedForAws } from '../local/account/granted-for-aws.ts';
import { inertTypes, modelledProperties } from '../local/engine/inert.ts';
import { temporaryFolder } from '../local/engine/temporary-folder.ts';

const checks: [name: string, command: string, ...args: string[]][] = [
  ['format, lint, import rules', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['dead code', 'knip', '--no-progress'],
  ['workflows', 'node', 'infra/cli/lint-asl.ts'],
  ['their page', 'node', 'infra/cli/describe-workflows.ts', '--check'],
  ['SQL', 'node', 'infra/cli/lint-sql.ts'],
  ['licences', 'node', 'infra/cli/check-licences.ts'],
  ['template and cdk-nag', 'node', 'infra/cli/synth.ts'],
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

/** A model of AWS that grows towards the product's size has outgrown what it lets us prove. */
const mostOfProduct = 85;

/** Lines of code in a folder: prose, rosters, and the commands that only prove something do not count. */
function linesOf(folder: string): number {
  return globSync(`${folder}/**/*.{ts,js,sql,asl.json}`)
    .filter((file) => !/^infra.(build.query-plan|cli.(replay|prove|plan|start|check.*|lint.*)\b)/.test(file))
    .reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').length - 1, 0);
}

/** By reason, in the order of the services. */
async function inertProperties(): Promise<Map<string, string[]>> {
  const { template, assemblyDirectory } = await synthesize('demo');
  const folder = temporaryFolder();
  try {
    const startAt = '2026-03-02T00:00:00Z';
    const { services } = startAccount({
      assemblyDirectory,
      template,
      directory: folder.path,
      seed: 1,
      startAt,
    });
    const byReason = new Map<string, string[]>();
    for (const { name, inert } of modelledProperties(services.values()))
      if (inert) byReason.set(inert, [...(byReason.get(inert) ?? []), name.replace(/^AWS::/, '')]);
    return byReason;
  } finally {
    folder.remove();
  }
}

console.log('\nResource types that the local account does not run');
for (const { type, reason } of inertTypes) console.log(`  ${type.padEnd(26)}  ${reason}`);
console.log('\nProperties that the local account takes and does not heed');
for (const [reason, names] of await inertProperties()) console.log(`  ${names.join(', ')}\n    ${reason}`);
console.log('\nPermissions that AWS needs and no call on this machine asks for');
for (const { actions, reason } of grantedForAws) console.log(`  ${actions.join(', ')}\n    ${reason}`);
const local = linesOf('infra/local');
const product = {
  handlers: linesOf('handlers'),
  workflows: linesOf('workflows'),
  sql: linesOf('sql'),
  infra: linesOf('infra') - local,
};
const productLines = Object.values(product).reduce((sum, lines) => sum + lines, 0);
console.log(`\nLines: the local account has at most ${mostOfProduct} % of what runs on it`);
console.log(`  ${'infra/local'.padEnd(28)} ${String(local).padStart(6)}`);
console.log(`  ${'the product'.padEnd(28)} ${String(productLines).padStart(6)}`);
for (const [part, lines] of Object.entries(product))
  console.log(`    ${part.padEnd(26)} ${String(lines).padStart(6)}`);
const share = (100 * local) / productLines;
console.log(`${share > mostOfProduct ? 'FAILED' : 'ok    '}  ${share.toFixed(1)} %`);
if (share > mostOfProduct) failed++;
process.exitCode = failed > 0 ? 1 : 0;
