/** `npm run deploy -- STAGE [options of cdk deploy]`: deploys a stage with the pinned CLI, and says what is left to do. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  type AccountConcurrency,
  consumersShare,
  inWords,
  nothingForPages,
  notKnownInWords,
  pagesShare,
  withPages,
} from '../concurrency.ts';
import { type StageName, type StageSettings, settingsOf, stageNames } from '../config.ts';
import { InputError } from '../input-error.ts';
import { accountConcurrency } from './account-concurrency.ts';
import { runCommand } from './run-command.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
/** The CLI of the lockfile: a newer one may refuse this library's assembly. */
const cdk = fileURLToPath(new URL('bin/cdk', import.meta.resolve('aws-cdk/package.json')));

const usage = `Usage: npm run deploy -- STAGE [options of cdk deploy]
STAGE is one of: ${stageNames.join(', ')}`;

/** What every deployment of production states, and what goes wrong without it. */
const required: Partial<Record<string, string>> = {
  operationsEmail: `Add --context operationsEmail=ADDRESS, as with every deployment of production: without it
CloudFormation takes the operations' subscription away, and nobody hears the alarms.`,
  zone: `Add --context zone=AREA/CITY, the hospital's time zone (Europe/Zurich), as with every deployment of production:
without it the nightly report covers the night of another place.`,
};

export type Deployer = {
  /** What the account of an AWS profile (without one, of the environment) allows. */
  account(stage: StageSettings, profile?: string): Promise<AccountConcurrency | { notKnown: string }>;
  /** Runs the CDK's CLI; gives the stack's outputs, undefined when it failed. */
  cli(stackName: string, options: string[]): Record<string, string> | undefined;
  say(text: string): void;
};

/** Gives the exit code. Throws InputError, before anything is deployed, for bad settings or an account with too little room. */
export async function deploy(argv: string[], { account, cli, say }: Deployer): Promise<number> {
  const [stage, ...options] = argv;
  if (!stageNames.includes(stage as StageName)) throw new InputError(usage);
  const stated = contextOf(options);
  const settings = settingsOf(stage as StageName, stated);
  const missing = stage === 'production' && Object.keys(required).find((name) => !(name in stated));
  if (missing) throw new InputError(required[missing] as string);

  const wanted = {
    ...('parallelizationFactor' in stated && { factor: settings.parallelizationFactor }),
    ...('pageConcurrency' in stated && { pages: settings.pageConcurrency }),
  };
  const { factor, pages, text } = fitted(await account(settings, valuesOf(options, '--profile')[0]), wanted);
  say(text);
  const stackName = `vigil-${stage}`;
  const contexts = [`stage=${stage}`, `parallelizationFactor=${factor}`, `pageConcurrency=${pages}`];
  const outputs = cli(stackName, [...contexts.flatMap((it) => ['--context', it]), ...options]);
  if (!outputs) say(afterFailure(stackName, settings));
  // With a change set that was only prepared, a new stack has none yet.
  if (outputs?.RosterBucket) say(nextSteps(stackName, outputs));
  return outputs ? 0 : 1;
}

type Wanted = { factor?: number; pages?: number };

/**
 * How many batches of each shard the consumer takes, and what each page is reserved: what was stated, else what the account
 * has room for, else the least.
 */
function fitted(account: AccountConcurrency | { notKnown: string }, wanted: Wanted) {
  if ('notKnown' in account) {
    const { factor = 1, pages = 0 } = wanted;
    return { factor, pages, text: notKnownInWords(account.notKnown, factor) };
  }
  const pages = wanted.pages ?? pagesShare(account);
  const shared = withPages(account, pages);
  const share = consumersShare(shared, wanted.factor);
  const text = [inWords(shared, share), ...(pages === 0 ? [nothingForPages] : [])].join('\n');
  if (share.verdict === 'tooLittle' && wanted.factor === undefined)
    throw new InputError(`${text}
Nothing was deployed. To deploy nevertheless, for a rehearsal: --context parallelizationFactor=${share.factor}`);
  return { factor: share.factor, pages, text };
}

/** The values of an option that may come more than once, as `--context A`, `--context=A`, `-c A` or `-c=A`. */
function valuesOf(options: string[], ...names: string[]): string[] {
  return options.flatMap((option, index) => {
    if (names.includes(option)) return [options[index + 1] ?? ''];
    const name = names.find((candidate) => option.startsWith(`${candidate}=`));
    return name ? [option.slice(name.length + 1)] : [];
  });
}

/** What the deployment states of Vigil's own settings; the CDK's have an @ or a colon in their names. */
function contextOf(options: string[]): Record<string, string> {
  const pairs = valuesOf(options, '--context', '-c').map((text) => {
    const [, name, value] = /^(.+?)=(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new InputError(`--context ${text}: not of the form NAME=VALUE`);
    return [name, value];
  });
  return Object.fromEntries(pairs.filter(([name]) => !/[@:]/.test(name as string)));
}

function nextSteps(stackName: string, outputs: Record<string, string>): string {
  return `
${stackName} is deployed. Nobody is paged yet:
  1. Publish the roster:
       npm run roster -- publish FILE --bucket ${outputs.RosterBucket} --secret ${outputs.AnswerSecretArn}
  2. Request the clinicians' subscriptions, or wait an hour; each clinician then gets a mail from Amazon SNS:
       aws lambda invoke --function-name ${outputs.ReconcileSubscriptionsFunction} /dev/stdout
  3. Have people forward you that mail's link, and confirm each, the operations' own too: no alarm is heard before.
       npm run roster -- confirm LINK
  4. Hold a drill, and see somebody answer it:
       npm run drill -- WARD --stage ${stackName.replace('vigil-', '')}
  5. Connect the devices, and not before: readings sent earlier were judged, but are not in the archive.
infra/runbook.md says what to do when an alarm goes off.`;
}

function afterFailure(stackName: string, { keepsData }: StageSettings): string {
  const protectedStack = `
A stack that could not be created stays behind, protected. Before you deploy it again, and only if it was never complete:
  aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`;
  return `
If this was the first deployment, and a delivery stream could not use its role: new roles take some seconds to be known
everywhere. Deploy again. ("Insufficient Lake Formation permission" is another matter: see README.md.)${keepsData ? protectedStack : ''}`;
}

function runCli(stackName: string, options: string[]): Record<string, string> | undefined {
  const outputsFile = join(project, 'cdk.out', `${stackName}-outputs.json`);
  rmSync(outputsFile, { force: true });
  const files = ['--output', join(project, 'cdk.out', `deploy-${stackName}`), '--outputs-file', outputsFile];
  const { status } = spawnSync(process.execPath, [cdk, 'deploy', stackName, ...files, ...options], {
    stdio: 'inherit',
    cwd: project,
  });
  if (status !== 0) return undefined;
  return existsSync(outputsFile) ? (JSON.parse(readFileSync(outputsFile, 'utf8'))[stackName] ?? {}) : {};
}

if (import.meta.main) {
  await runCommand(() =>
    deploy(process.argv.slice(2), {
      account: (stage, profile) => {
        const config = profile === undefined ? {} : { profile };
        const aws = { lambda: new LambdaClient(config), kinesis: new KinesisClient(config) };
        return accountConcurrency(aws, stage);
      },
      cli: runCli,
      say: console.log,
    }),
  );
}
