import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test, vi } from 'vitest';
import { parseRoster } from '../../../handlers/on-call/parse-roster.ts';
import { pepperOf, pinMatches } from '../../../handlers/runtime/pin.ts';
import { rosterCommand } from '../../../infra/cli/roster.ts';
import { confirmSubscription, publishRoster } from '../../../infra/hospital/published-roster.ts';
import { aHospital } from '../../handlers/on-call/builders.ts';

const rootKey = 'R'.repeat(64);
// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;

afterEach(() => vi.restoreAllMocks());

/** Nothing is published yet: there is nothing to get. */
const nothingYet = (command: Any) => {
  if (command instanceof GetObjectCommand) throw Object.assign(new Error('none'), { name: 'NoSuchKey' });
};

async function published(): Promise<Any> {
  const puts: Any[] = [];
  await publishRoster(aHospital(), {
    bucket: 'roster-bucket',
    secretArn: 'arn:secret',
    s3: {
      send: async (command: Any) => {
        nothingYet(command);
        puts.push(command.input);
      },
    } as Any,
    secretsManager: { send: async () => ({ SecretString: rootKey }) } as Any,
  });
  expect(puts).toHaveLength(1);
  return puts[0];
}

test('what is published is a roster whose PINs are right, and holds none of them', async () => {
  const { Bucket, Key, Body } = await published();
  expect([Bucket, Key]).toEqual(['roster-bucket', 'roster/hospital.json']);
  const { clinicians } = parseRoster(Body, Key);
  for (const [index, { pin }] of aHospital().clinicians.entries()) {
    const { pinHash } = clinicians[index] as (typeof clinicians)[number];
    expect(Body).not.toContain(pin);
    expect(await pinMatches(pin, pepperOf(rootKey), pinHash)).toBe(true);
    expect(await pinMatches('000000', pepperOf(rootKey), pinHash)).toBe(false);
  }
});

test('salts are random: nobody sees that two people chose the same PIN, or kept theirs', async () => {
  const salts = [await published(), await published()].flatMap(({ Body, Key }) =>
    parseRoster(Body, Key).clinicians.map(({ pinHash }) => pinHash.salt),
  );
  expect(new Set(salts).size).toBe(salts.length);
});

test('a subscription is confirmed so that the link below a mail cannot end it', async () => {
  const sent: Any[] = [];
  const sns = { send: async ({ input }: Any) => void sent.push(input) } as Any;
  const TopicArn = 'arn:aws:sns:eu-west-2:111122223333:vigil-production-clinician-nurse-1';
  const page = 'https://sns.eu-west-2.amazonaws.com/confirmation.html';
  await confirmSubscription(`${page}?TopicArn=${TopicArn}&Token=2336412f&Endpoint=nurse@example.org`, sns);
  expect(sent).toEqual([{ TopicArn, Token: '2336412f', AuthenticateOnUnsubscribe: 'true' }]);
  for (const link of [page, 'nothing', `${page}?Token=2336412f`])
    await expect(confirmSubscription(link, sns)).rejects.toThrow(/^LINK: not the link/);
});

const fileOf = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'roster-')), 'ours.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};

test('`check` counts what is right', async () => {
  expect(await rosterCommand(['check', fileOf(aHospital())])).toMatch(/5 clinicians, 3 rotations, 1 devices/);
});

/** What publishing the sample file says, to a stage whose functions answer so. */
async function publishing(
  configuration: Any,
  secret = 'arn:aws:secretsmanager:eu-west-2:1:secret:vigil-demo-answers-x1',
  hospital = aHospital(),
) {
  const asked: Any[] = [];
  const answer = (client: Any, result: Any) =>
    vi.spyOn(client.prototype, 'send').mockImplementation((async (command: Any) => {
      asked.push([command.constructor.name, command.input.FunctionName, command.input.Body]);
      nothingYet(command);
      if (result instanceof Error) throw result;
      return result;
    }) as never);
  answer(S3Client, {});
  answer(SecretsManagerClient, { SecretString: rootKey });
  answer(LambdaClient, configuration);
  const said = await rosterCommand(['publish', fileOf(hospital), '--bucket', 'b', '--secret', secret]);
  return { said, asked };
}
const deployedFor = (zone: string) => ({ Environment: { Variables: { HOSPITAL_ZONE: zone } } });

test('published to a stage on the same clocks, nothing more is said', async () => {
  const { said, asked } = await publishing(deployedFor('Europe/London'));
  expect(said).toMatch(/published \(5 clinicians[^\n]*$/);
  expect(asked).toContainEqual([
    'GetFunctionConfigurationCommand',
    'vigil-demo-choose-report-window',
    undefined,
  ]);
});

test('published to a stage on other clocks, both are named, and the roster is there all the same', async () => {
  const { said, asked } = await publishing(deployedFor('Europe/Zurich'));
  expect(said).toMatch(/published \(5 clinicians/);
  expect(said).toMatch(/Europe\/London.*vigil-demo.*Europe\/Zurich.*--context zone=Europe\/London/s);
  expect(asked.map(([name]) => name)).toContain('PutObjectCommand');
});

test.each([
  ['no right to ask', new Error('denied'), undefined],
  ['a function without a zone', {}, undefined],
  ['a secret of another name', deployedFor('Europe/London'), 'arn:secret'],
])('%s: it is said that the zones were not compared', async (_what, configuration, secret) => {
  const { said } = await publishing(configuration, secret);
  expect(said).toMatch(/published[^\n]*\nNot compared: /);
});

test('`check` says what is legal and may be meant otherwise, and still finds nothing wrong', async () => {
  const hospital = aHospital();
  hospital.rotations[2]?.order.push('nurse-1');
  const said = await rosterCommand(['check', fileOf(hospital)]);
  expect(said).toMatch(/no errors; check:\n {2}rotations\[2\]\.order\[1\]: nurse-1 /);
});

test('`check` says beside what is refused what is legal', async () => {
  const hospital = aHospital({ fallbackWard: 'x' });
  hospital.rotations[2]?.order.push('nurse-1');
  const file = fileOf(hospital);
  await expect(rosterCommand(['check', file])).rejects.toThrow(
    `${file}: fallbackWard: no ward has the id x\n${file}: warning: rotations[2].order[1]: nurse-1 is also`,
  );
});

test('`publish` says what is legal and may be meant otherwise, and publishes nothing that is refused', async () => {
  const hospital = aHospital();
  hospital.rotations[2]?.order.push('nurse-1');
  const { said } = await publishing(deployedFor('Europe/London'), undefined, hospital);
  expect(said).toMatch(/published \(5 clinicians.*; check:\n {2}rotations\[2\]\.order\[1\]: nurse-1 /);
  const nobodys = aHospital({ wards: [...hospital.wards, { id: 'ward-002', name: 'New' }] });
  const publishNobodys = publishing(deployedFor('Europe/London'), undefined, nobodys);
  await expect(publishNobodys).rejects.toThrow('wards[1]: nobody works there');
  const puts = vi
    .mocked(S3Client.prototype.send)
    .mock.calls.filter(([it]) => it.constructor.name === 'PutObjectCommand');
  // Of the one before.
  expect(puts).toHaveLength(1);
});

test('an address of another script is published as it is mailed', async () => {
  const { clinicians } = aHospital();
  const hospital = aHospital({
    clinicians: clinicians.map((one) => ({ ...one, email: `${one.id}&co@klinik-köln.example` })),
  });
  const { asked } = await publishing(deployedFor('Europe/London'), undefined, hospital);
  expect(asked.find(([name]) => name === 'PutObjectCommand')?.[2]).toContain(
    'nurse-1&co@xn--klinik-kln-lcb.example',
  );
});

test.each([
  ['no command', []],
  ['an unknown command', ['delete', 'x.json']],
  ['publishing without a bucket', ['publish', 'x.json', '--secret', 'arn']],
])('%s is answered with how it is used', async (_case, argv) => {
  await expect(rosterCommand(argv)).rejects.toThrow(/Usage: npm run roster/);
});

test('bad input ends the command with exit code 2 and one line of field and file', () => {
  const file = fileOf({ ...aHospital(), zone: 'Nowhere' });
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, ['infra/cli/roster.ts', ...argv], { encoding: 'utf8' });
  const bad = run('check', file);
  expect([bad.status, bad.stderr]).toEqual([2, `${file}: zone: not an IANA time zone\n`]);
  expect(run('check', '/nowhere.json')).toMatchObject({
    status: 2,
    stderr: '/nowhere.json: cannot be read (ENOENT)\n',
  });
});
