import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

const run = (command: string, ...args: string[]) =>
  spawnSync('node', [`infra/cli/${command}.ts`, ...args], { encoding: 'utf8' });

function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'command-')), name);
  writeFileSync(path, text);
  return path;
}

test('npm start -- --once tells the story from the run itself, exits 0, and leaves no file behind', () => {
  const TMPDIR = mkdtempSync(join(tmpdir(), 'command-'));
  const { status, stdout } = spawnSync('node', ['infra/cli/start.ts', '--once'], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR },
  });
  expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'The story happened as told.']);
  expect(stdout).toContain('The night of Tuesday 3 March 2026');
  expect(stdout).toMatch(/04:12:\d\d {2}everyone paged +ward-001 bed 3 +5 people/);
  expect(stdout).not.toMatch(/@/);
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test('npm start -- --once --down sns: the story does not happen, it says what did not, and exits 1', () => {
  const { status, stdout } = run('start', '--once', '--down', 'sns');
  expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, 'The story did not happen.']);
  expect(stdout).toContain('DID NOT HAPPEN: "Wait for the recheck" was not reached');
}, 300_000);

test('npm run replay takes a file as a spreadsheet writes it, and proves its night', () => {
  const { status, stdout } = run('replay', 'test/data/cases/files/decimal-comma.csv', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ readings: 1, archived: 1, critical: 1, alertsOpened: 1, lost: 0, reconciled: true },
    subscriptionsSuspended: 0,
  });
}, 300_000);

test.each([
  [
    'a CSV that lacks a column',
    'replay',
    [file('a.csv', 'record_id,minute,systolic\n1,2,3\n')],
    /a\.csv:1: .*diastolic/,
  ],
  [
    'a CSV with text for a number',
    'replay',
    [file('b.csv', 'record_id,minute,systolic,diastolic\n1,2,x,3\n')],
    /b\.csv:2: systolic/,
  ],
  ['a file that is not there', 'replay', ['nowhere.csv'], /nowhere\.csv: cannot be read/],
  [
    'a policy that nobody defines',
    'replay',
    ['test/data/physionet2012_sample60.csv', '--policy', 'x'],
    /--policy/,
  ],
  [
    'minutes that are seconds since 1970',
    'replay',
    ['test/data/cases/files/minute-is-epoch-seconds.csv'],
    /epoch-seconds\.csv:2: minute is more than a year/,
  ],
  [
    'a start before the archive',
    'replay',
    ['test/data/cases/files/start-before-2026.csv', '--start', '2025-06-01T00:00:00Z'],
    /^--start: before 2026-01-01/,
  ],
  ['an option that is none', 'replay', ['--what'], /Usage/],
  [
    'a hospital file with an unknown clinician',
    'roster',
    [
      'check',
      file(
        'hospital.json',
        readFileSync('infra/hospital/hospital.json', 'utf8').replace(/("order": \[\s*)"[^"]+"/, '$1"ghost"'),
      ),
    ],
    /hospital\.json: rotations\[0\]\.order\[0\]: .*ghost/,
  ],
  ['a port that is none', 'start', ['--port', 'x'], /^--port: not a port number\nUsage/],
  ['an empty port', 'start', ['--port', ''], /^--port: not a port number\nUsage/],
  ['a port without a number', 'start', ['--port'], /^Option '--port <value>' argument missing\nUsage/],
  ['an unknown option', 'start', ['--bogus'], /^Unknown option '--bogus'\nUsage/],
  ['a stray word', 'start', ['please'], /^Unexpected argument 'please'\nUsage/],
  ['a fixed night with people of its own', 'start', ['--once', '--people'], /^--people: /],
  [
    'a service that is none',
    'start',
    ['--once', '--down', 'snz'],
    /^--down: no service is called "snz"; .*sns/,
  ],
  ['a service down for a person', 'start', ['--down', 'sns'], /^--down: only with --once/],
  [
    'an option that roster does not know',
    'roster',
    ['check', 'x.json', '--bogus'],
    /Unknown option '--bogus'\nUsage/,
  ],
])('%s gets one clear message and exit code 2', (_what, command, args, message) => {
  const { status, stderr } = run(command, ...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});

test.each([
  ['SIGINT', 130, 'start', ['--once']],
  ['SIGTERM', 143, 'start', ['--once']],
  ['SIGINT', 130, 'start', ['--port', '0']],
  ['SIGHUP', 129, 'start', ['--port', '0']],
  ['SIGTERM', 143, 'replay', ['test/data/physionet2012_sample60.csv']],
] as const)(
  '%s while it boots or runs ends it there (%i) in %s: nothing more is said, no file is left',
  async (signal, expected, name, args) => {
    const TMPDIR = mkdtempSync(join(tmpdir(), 'command-'));
    const command = spawn('node', [`infra/cli/${name}.ts`, ...args], {
      env: { ...process.env, TMPDIR },
    });
    let said = '';
    command.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const begun = () => expect(readdirSync(TMPDIR)).toContainEqual(expect.stringMatching(/^vigil-/));
    await vi.waitFor(begun, { timeout: 60_000, interval: 5 });
    command.kill(signal);
    const [code] = await once(command, 'exit');
    expect([code, said, readdirSync(TMPDIR)]).toEqual([expected, '', []]);
  },
);

test('a port that is taken is said in one sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const { status, stderr } = run('start', '--port', String(port));
  taken.close();
  expect([status, stderr.trim()]).toEqual([2, expect.stringMatching(/^Port \d+ is taken/)]);
});

test('an older Node is told what is missing, and what to do', () => {
  const asNode20 = `Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); import('./infra/cli/check-node.js')`;
  const { status, stderr } = spawnSync('node', ['-e', asNode20], { encoding: 'utf8' });
  expect([status, stderr.trim()]).toEqual([
    1,
    `Vigil runs on Node 24, which npm ci did not install for ${process.platform}-${process.arch}; this is Node 20.1.0. Install Node 24 and run this again.`,
  ]);
});
