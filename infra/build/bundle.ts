/**
 * Handlers become bundles: one esbuild call for all of them (decisions/0002), each a CommonJS file of its own with
 * everything but the AWS SDK, which the Lambda runtime brings.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** The names of all entries: `handlers/X.ts` is the function X. */
export function entries(): string[] {
  return readdirSync(join(project, 'handlers'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** Writes `<directory>/<entry>/index.js` for each entry; the same sources give the same bytes on every machine. */
export function bundleHandlers(directory: string): void {
  buildSync({
    absWorkingDir: project,
    entryPoints: entries().map((entry) => ({ in: `handlers/${entry}.ts`, out: `${entry}/index` })),
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['@aws-sdk/*'],
    loader: { '.sql': 'text' },
    // Readable on purpose: line numbers in a stack trace are those of the file that runs. No source map to ship.
    minify: false,
    sourcemap: false,
    charset: 'utf8',
    // Without this, bundles would depend on the options of whoever's tsconfig.json is found.
    tsconfigRaw: '{}',
    logLevel: 'error',
  });
}
