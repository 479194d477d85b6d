/** The deploy command before it deploys: what it asks for, what it looks up, and what it hands to the CDK's CLI. */
import { beforeEach, expect, test, vi } from 'vitest';
import { deploy } from '../../../infra/cli/deploy.ts';
import type { AccountConcurrency } from '../../../infra/concurrency.ts';
import type { StageSettings } from '../../../infra/config.ts';

const production = [
  'production',
  '--context',
  'operationsEmail=operations@example.org',
  '--context',
  'zone=Europe/Zurich',
];
const anAccount = (limit: number, unreserved = limit, pages = 0) => ({
  limit,
  unreserved,
  pages,
  openShards: 4,
});
const roomy = anAccount(1000);
const outputs = { RosterBucket: 'the-roster-bucket', AnswerSecretArn: 'the-secret' };

let said: string[];
beforeEach(() => {
  said = [];
});

async function run(
  argv: string[],
  account: AccountConcurrency | { notKnown: string } = roomy,
  deployed: Record<string, string> | null = outputs,
) {
  const cli = vi.fn((_stackName: string, _options: string[]) => deployed ?? undefined);
  const look = vi.fn(async (_stage: StageSettings, _profile?: string) => account);
  const status = await deploy(argv, { account: look, cli, say: (text) => said.push(text) });
  const [stackName, options] = cli.mock.calls[0] ?? [];
  return { status, look, stackName, options, text: said.join('\n') };
}

/** What the template is given: `--context NAME=VALUE`. */
const contexts = (options: string[] = []) =>
  options.filter((_option, index) => options[index - 1] === '--context');

/** How many batches of a shard it is told, each value once. */
const factors = (options: string[] = []) => [
  ...new Set(options.flatMap((option) => /^parallelizationFactor=(.*)/.exec(option)?.[1] ?? []).map(Number)),
];

test('an account with room takes four batches a shard; the stage and what was stated go to the CLI', async () => {
  const { status, stackName, options } = await run(production);
  expect([status, stackName]).toEqual([0, 'vigil-production']);
  expect(contexts(options)).toEqual([
    'stage=production',
    'parallelizationFactor=4',
    'pageConcurrency=120',
    'operationsEmail=operations@example.org',
    'zone=Europe/Zurich',
  ]);
});

test('in a new account the consumer gets one batch a shard, and it is said which quota to raise', async () => {
  const { options, text } = await run(production, anAccount(10));
  expect(factors(options)).toEqual([1]);
  // Lambda would refuse the deployment.
  expect(contexts(options)).toContain('pageConcurrency=0');
  expect(text).toMatch(/at most 10 functions at once[\s\S]*L-B99A9384/);
});

test('where even one batch a shard leaves too little to page people, nothing is deployed', async () => {
  const full = anAccount(10, 8);
  await expect(run(production, full)).rejects.toThrow(/L-B99A9384[\s\S]*parallelizationFactor=1/);
  const { options, text } = await run([...production, '--context', 'parallelizationFactor=1'], full);
  expect(factors(options)).toEqual([1]);
  expect(text).toMatch(/L-B99A9384/);
});

/** What each page is reserved. */
const reserved = (options: string[] = []) =>
  options.filter((option) => option.startsWith('pageConcurrency='));

test.each([
  ['a new account', anAccount(10), 'pageConcurrency=0', true],
  ['one just too small', anAccount(339), 'pageConcurrency=0', true],
  ['one just large enough', anAccount(340), 'pageConcurrency=120', false],
  ['one where the pages stand', anAccount(340, 100, 240), 'pageConcurrency=120', false],
  ['one where they stand smaller', anAccount(400, 220, 120), 'pageConcurrency=120', false],
  ['one where others have reserved a little too much', anAccount(1000, 339), 'pageConcurrency=0', true],
  ['one where others have reserved nearly all', anAccount(1000, 200), 'pageConcurrency=0', true],
  ['one where they have reserved just not too much', anAccount(1000, 340), 'pageConcurrency=120', false],
  ['one where they have since the pages stand', anAccount(1000, 99, 240), 'pageConcurrency=0', true],
  ['one that is not known', { notKnown: 'offline' }, 'pageConcurrency=0', true],
])(
  '%s: what its pages are reserved; that a flood may take what paging needs is said where it is nothing',
  async (...of) => {
    const [, account, expected, told] = of;
    const { options, text } = await run(production, account);
    expect(reserved(options)).toEqual([expected]);
    expect(/flood of requests/.test(text)).toBe(told);
  },
);

test('what a deployment states for the pages is kept', async () => {
  for (const account of [roomy, { notKnown: 'offline' }]) {
    const { options } = await run([...production, '-c', 'pageConcurrency=60'], account);
    expect(new Set(reserved(options))).toEqual(new Set(['pageConcurrency=60']));
  }
});

test('a small hospital states how long its feed may be silent', async () => {
  const { options } = await run([...production, '--context', 'silentAfterMinutes=45']);
  expect(contexts(options)).toContain('silentAfterMinutes=45');
});

test('what the pages are reserved is not the consumer’s to share, in a first deployment neither', async () => {
  const { text } = await run(production, anAccount(340));
  expect(text).toMatch(/240 of them are reserved[\s\S]*84 are left/);
});

test.each([
  ['take nothing where Lambda would refuse it', anAccount(1000, 200), 800, 184],
  ['are counted once where they stand', anAccount(1000, 460, 240), 540, 444],
  ['give back what Lambda refuses from now on', anAccount(1000, 99, 240), 661, 323],
])('the pages %s: what is said is what the account then has', async (_how, account, taken, left) => {
  const { text } = await run(production, account);
  expect(text).toContain(`; ${taken} of them are reserved`);
  expect(text).toContain(`${left} are left for all others`);
});

test('what could not be looked up is said, and the consumer then gets the least', async () => {
  const { options, text } = await run(production, { notKnown: 'CredentialsProviderError: none' });
  expect(text).toMatch(/CredentialsProviderError: none/);
  expect(factors(options)).toEqual([1]);
  const stated = await run([...production, '-c', 'parallelizationFactor=3'], { notKnown: 'offline' });
  expect(stated.text).toMatch(/offline/);
  expect(factors(stated.options)).toEqual([3]);
});

test.each([
  ['no stage', [], /Usage[\s\S]*demo, production/],
  ['an unknown stage', ['staging'], /Usage/],
  ['production without an address', production.toSpliced(1, 2), /operationsEmail=ADDRESS/],
  ['production without a zone', production.toSpliced(3, 2), /zone=AREA\/CITY/],
  ['an empty address', ['production', '--context', 'operationsEmail='], /operationsEmail=: /],
  ['a zone that is none', [...production, '--context', 'zone=Zurich'], /zone=Zurich: not an IANA/],
  ['a misspelled setting', [...production, '--context', 'zon=UTC'], /--context zon: /],
  ['a setting without a value', ['demo', '--context', 'zone'], /--context zone: /],
])('%s is refused before anything is looked up', async (_what, argv, message) => {
  const look = vi.fn();
  const cli = vi.fn();
  await expect(deploy(argv, { account: look, cli, say: () => undefined })).rejects.toThrow(message);
  expect([look, cli].flatMap((it) => it.mock.calls)).toEqual([]);
});

test.each([
  ['--context=zone=UTC', '--context=operationsEmail=a@example.org'],
  ['-c', 'zone=UTC', '-c', 'operationsEmail=a@example.org'],
  ['-c=zone=UTC', '-c=operationsEmail=a@example.org'],
])('%s: each way in which the CLI takes a setting is understood', async (...options) => {
  expect((await run(['production', ...options])).status).toBe(0);
});

test("the CDK's own settings pass", async () => {
  expect((await run(['demo', '--context', '@aws-cdk/core:newStyleStackSynthesis=true'])).status).toBe(0);
});

test('the account that is looked at is the one that is deployed to', async () => {
  const demo = expect.objectContaining({ name: 'demo', streamName: 'Bloodpressure_iot_stream' });
  for (const options of [['--profile', 'ward'], ['--profile=ward']])
    expect((await run(['demo', ...options])).look).toHaveBeenCalledWith(demo, 'ward');
  expect((await run(['demo'])).look).toHaveBeenCalledWith(demo, undefined);
});

test('afterwards it says what is left to do, with the names of this stack', async () => {
  const { text } = await run(production);
  expect(text).toMatch(/Nobody is paged yet/);
  expect(text).toMatch(/npm run roster -- publish FILE --bucket the-roster-bucket --secret the-secret/);
});

test('a deployment that failed says how a first one is tried again', async () => {
  const { status, text } = await run(production, roomy, null);
  expect(status).toBe(1);
  expect(text).toMatch(
    /update-termination-protection --no-enable-termination-protection --stack-name vigil-production/,
  );
  expect(text).not.toMatch(/Nobody is paged yet/);
});

test('a change set that was only prepared leaves nothing to do yet', async () => {
  const { status, text } = await run(production, roomy, {});
  expect(status).toBe(0);
  expect(text).not.toMatch(/undefined|Nobody is paged yet/);
});
