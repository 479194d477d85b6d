import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildApp } from '../../../infra/app.ts';
import { synthesize } from '../../../infra/build/synthesize.ts';
import { functions } from '../template.ts';

function built(): { template: string; assets: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'vigil-synth-'));
  buildApp('demo', outdir).synth();
  return {
    template: readFileSync(join(outdir, 'vigil-demo.template.json'), 'utf8'),
    assets: readdirSync(outdir).filter((file) => file.startsWith('asset.')),
  };
}

test('the same sources give the same template and the same bundles, wherever they are put', () => {
  const once = built();
  expect(built()).toEqual(once);
  expect(once.assets).toHaveLength(functions().length);
});

test('what is synthesized is kept: asking again, also at the same time, gives the same folder untouched', async () => {
  const { assemblyDirectory } = await synthesize('demo');
  const before = statSync(assemblyDirectory);
  const again = await Promise.all([synthesize('demo'), synthesize('demo')]);
  for (const assembly of again) expect(assembly.assemblyDirectory).toBe(assemblyDirectory);
  expect(statSync(assemblyDirectory).ino).toBe(before.ino);
  expect(statSync(assemblyDirectory).mtimeMs).toBe(before.mtimeMs);
});

test('each function’s bundle lies where its S3 key says', async () => {
  const { assemblyDirectory } = await synthesize('demo');
  for (const [, { Code }] of functions())
    expect(readdirSync(join(assemblyDirectory, `asset.${Code.S3Key.replace('.zip', '')}`))).toEqual([
      'index.js',
    ]);
});

test('another zone is another assembly; the zone that the stage has anyway is not', async () => {
  const { assemblyDirectory } = await synthesize('demo');
  expect((await synthesize('demo', { zone: 'Europe/London' })).assemblyDirectory).toBe(assemblyDirectory);
  const zurich = await synthesize('demo', { zone: 'Europe/Zurich' });
  expect(zurich.assemblyDirectory).not.toBe(assemblyDirectory);
  expect(JSON.stringify(zurich.template)).not.toContain('Europe/London');
});
