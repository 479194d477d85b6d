/** A defect in a function as it would be deployed: one place of its bundle is another, in a bundle of its own. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../infra/build/synthesize.ts';
import type { Template } from '../../infra/local/account/template.ts';
import { localContext } from '../../infra/local/account/vigil.ts';

export type Planted = { of: string; place: RegExp; instead: string };

/** What plants them into a template of the production stage, and what takes their bundles away. */
export async function plant(defects: readonly Planted[], zone: string) {
  const { template, assemblyDirectory } = await synthesize('production', { ...localContext, zone });
  const planted = defects.map(({ of, place, instead }) => {
    const bundle = readFileSync(folderOf(codeOf(template, of).S3Key), 'utf8');
    if (bundle.match(RegExp(place, 'g'))?.length !== 1) throw new Error(`${of}: ${place} is not there once`);
    const hash = createHash('sha256').update(`${of} ${place} ${instead}`).digest('hex');
    const folder = join(assemblyDirectory, `asset.${hash}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), bundle.replace(place, instead));
    return { of, key: `${hash}.zip`, folder };
  });

  function folderOf(key: string): string {
    return join(assemblyDirectory, `asset.${key.replace('.zip', '')}`, 'index.js');
  }

  return {
    change(changed: Template) {
      for (const { of, key } of planted) codeOf(changed, of).S3Key = key;
    },
    remove() {
      for (const { folder } of planted) rmSync(folder, { recursive: true });
    },
  };
}

function codeOf({ Resources }: Template, name: string): { S3Key: string } {
  const found = Object.values(Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties.FunctionName === `vigil-production-${name}`,
  );
  if (!found) throw new Error(`There is no function ${name}`);
  return found.Properties.Code;
}
