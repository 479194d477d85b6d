/** `npm run deploy -- STAGE [options of cdk deploy]`: deploys a stage with the pinned CLI, and says what is left to do. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StageName, stageNames } from '../config.ts';
import { InputError, runCommand } from '../input-error.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
/** The CLI of the lockfile: a newer one may refuse this library's assembly. */
const cli = fileURLToPath(new URL('bin/cdk', import.meta.resolve('aws-cdk/package.json')));

function nextSteps(stackName: string, outputs: Record<string, string>): string {
  return `
${stackName} stands. Nobody is paged yet:
  1. Publish the roster:
       npm run roster -- publish FILE --bucket ${outputs.RosterBucket} --secret ${outputs.AnswerSecretArn}
  2. Ask for the clinicians' subscriptions, or wait an hour; each then has a mail from Amazon SNS, and confirms by its link:
       aws lambda invoke --function-name ${outputs.ReconcileSubscriptionsFunction} /dev/stdout
  3. Confirm the mail to the operations' address too: nobody hears an alarm before.
  4. Send a critical reading of a test patient into ${outputs.StreamName}, and see somebody answer it.
infra/runbook.md says what to do when an alarm goes off.`;
}

await runCommand(async () => {
  const [stage, ...options] = process.argv.slice(2);
  if (!stageNames.includes(stage as StageName))
    throw new InputError(`Usage: npm run deploy -- STAGE [options of cdk deploy]
STAGE is one of: ${stageNames.join(', ')}`);
  if (stage === 'production' && !options.some((option) => option.startsWith('operationsEmail=')))
    throw new InputError(`Add --context operationsEmail=ADDRESS, as with every deployment of production: without it
CloudFormation takes the operations' subscription away, and nobody hears the alarms.`);
  const stackName = `vigil-${stage}`;
  const outputsFile = join(project, 'cdk.out', `${stackName}-outputs.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      cli,
      'deploy',
      stackName,
      '--context',
      `stage=${stage}`,
      '--output',
      join(project, 'cdk.out', `deploy-${stage}`),
      '--outputs-file',
      outputsFile,
      ...options,
    ],
    { stdio: 'inherit', cwd: project },
  );
  if (status !== 0) return 1;
  console.log(nextSteps(stackName, JSON.parse(readFileSync(outputsFile, 'utf8'))[stackName]));
  return 0;
});
