/** The synthesized assembly of a stage: made once for the same sources and settings, and shared by commands, local account and tests. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StageName, type StageSettings, settingsOf } from '../config.ts';

type Assembly = {
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation template, read by whoever knows its resources
  template: any;
  /** Holds the template, the manifest, and each function's bundle in `asset.<hash>`, where its S3Key is `<hash>.zip`. */
  assemblyDirectory: string;
};

const project = fileURLToPath(new URL('../..', import.meta.url));
/** Whatever can change the template or a bundle. */
const sources = [
  'handlers/**/*.ts',
  'workflows/*.json',
  'sql/**/*.sql',
  'infra/*.ts',
  'infra/{build,constructs,stack}/*.ts',
  'package-lock.json',
];

function hashOf(settings: StageSettings): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const file of globSync(sources, { cwd: project }).sort())
    hash.update(`${file}\0${readFileSync(join(project, file))}\0`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Synthesizes the stage, with what a deployment would state, into `cdk.out/<stage>-<hash of settings and sources>`, unless that
 * is there. No network, no CLI.
 */
export async function synthesize(stage: StageName, stated: Record<string, string> = {}): Promise<Assembly> {
  const assemblyDirectory = join(project, 'cdk.out', `${stage}-${hashOf(settingsOf(stage, stated))}`);
  if (!existsSync(assemblyDirectory)) {
    mkdirSync(join(project, 'cdk.out'), { recursive: true });
    const temporary = mkdtempSync(join(project, 'cdk.out', 'unfinished-'));
    // Loaded only now: the CDK takes longer to load than everything else here.
    const { buildApp } = await import('../app.ts');
    buildApp(stage, temporary, stated).synth();
    publish(temporary, assemblyDirectory);
  }
  const template = JSON.parse(readFileSync(join(assemblyDirectory, `vigil-${stage}.template.json`), 'utf8'));
  return { template, assemblyDirectory };
}

/** One rename makes the whole assembly visible; whoever comes second throws his own away, which is the same. */
function publish(temporary: string, assemblyDirectory: string): void {
  try {
    renameSync(temporary, assemblyDirectory);
  } catch (error) {
    rmSync(temporary, { recursive: true });
    if (!existsSync(assemblyDirectory)) throw error;
  }
}
