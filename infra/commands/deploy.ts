/** `npm run deploy -- STAGE [options of cdk deploy]`: deploys a stage with the pinned CLI, and says what is left to do. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StageName, stageNames } from '../config.ts';
import { InputError, runCommand } from '../input-error.ts';

/** The CLI of the lockfile: a newer one may refuse this library's assembly. */
const cli = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');

await runCommand(async () => {
  const [stage, ...options] = process.argv.slice(2);
  if (!stageNames.includes(stage as StageName))
    throw new InputError(`Usage: npm run deploy -- STAGE [options of cdk deploy]
STAGE is one of: ${stageNames.join(', ')}`);
  const { status } = spawnSync(
    process.execPath,
    [cli, 'deploy', `vigil-${stage}`, '--context', `stage=${stage}`, ...options],
    { stdio: 'inherit', cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  if (status !== 0) return 1;
  console.log(`
vigil-${stage} stands. Nobody is paged yet:
  1. Publish the roster:            npm run roster -- publish FILE --stage ${stage}
  2. Within five minutes each clinician has a mail to confirm; they give its link to: npm run roster -- confirm LINK
  3. Confirm the operations' subscription too (--context operationsEmail=... subscribes one), and page somebody to see it work.
The runbook is infra/runbook.md.`);
  return 0;
});
