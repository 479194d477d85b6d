import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { adult } from '../../../handlers/clinical/policies.ts';
import { hospitalCommand } from '../../../infra/cli/hospital.ts';
import { aHospital, aRoster, aRotation } from '../../handlers/on-call/builders.ts';
import { LocalAws } from '../../local-aws.ts';

afterEach(() => vi.restoreAllMocks());

const sound = () =>
  aHospital({
    clinicians: aHospital().clinicians.map((clinician, n) => ({ ...clinician, pin: `2048${n}7` })),
  });
const fileOf = (content: unknown) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hospital-')), 'ours.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const shown = async (hospital: unknown, ...options: string[]) =>
  JSON.parse((await hospitalCommand([fileOf(hospital), '--json', ...options])).text);

test('the sample hospital: who is on call, by which numbers readings are judged, and that nothing is wrong', async () => {
  const { text, isRefused } = await hospitalCommand(['--at', '2026-03-03T01:00']);
  expect(isRefused).toBe(false);
  expect(text).toContain("St Wystan's Hospital (fictional), Europe/London, Tue 3 Mar 2026 01:00 (UTC+00:00)");
  expect(text).toMatch(/ward-001: Heron Ward, adult medicine \(answers for unknown wards\)\n {2}nurse {7}\S/);
  expect(text).toContain('judged by   adult: obstetric, obstetric: obstetric, child: child');
  expect(text).toMatch(/critical {2}systolic {2}>= 160 ACOG Committee Opinion 767/);
  expect(text).toContain(
    'to a person or an alarm, at the latest (default)\n  critical    60 s in the stream',
  );
  expect(text).toMatch(/ 880 s in all, of 900 s\n/);
  expect(text).toMatch(/ 260 s in all, of 300 s\n/);
  expect(text).toContain('devices     bp-005 bed 1, bp-006 bed 2');
  expect(text).toMatch(/\n\nNo problems found\.$/);
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('a ward whose shifts begin with a check-in says so, and no other', async () => {
  const hospital = sound();
  const textOf = async () => (await hospitalCommand([fileOf(hospital)])).text;
  expect(await textOf()).not.toContain('check-in');
  Object.assign(hospital.wards[0] as object, { checkIn: true });
  expect(await textOf()).toContain('check-in    whoever begins a shift is asked to confirm');
});

test('a time is in the hospital’s zone unless it says otherwise', async () => {
  const hospital = { ...sound(), zone: 'America/New_York' };
  const nurses = async (at: string) => (await shown(hospital, '--at', at)).wards[0].onCall.nurse[0]?.id;
  expect(await nurses('2026-01-05T06:59:59')).toBeUndefined();
  expect(await nurses('2026-01-05T07:00')).toBe('nurse-1');
  expect(await nurses('2026-01-05T19:00')).toBe('nurse-2');
  expect(await nurses('2026-01-05T12:00:00Z')).toBe('nurse-1');
});

test('for a machine: every fact, nobody’s PIN and nobody’s address', async () => {
  const ours = { name: 'ours', version: '3', limits: { ...adult.limits, criticalSystolicHigh: 170 } };
  const hospital = sound();
  Object.assign(hospital.wards[0] as object, { policies: { adult: 'ours' }, beds: ['12'] });
  const rotations = hospital.rotations.slice(0, 2);
  const { text } = await hospitalCommand([
    fileOf({ ...hospital, rotations, policies: [ours] }),
    '--json',
    '--at',
    '2026-03-03T01:00:00Z',
  ]);
  const { wards, policies, problems } = JSON.parse(text);
  expect(wards).toEqual([
    {
      id: 'ward-001',
      name: 'Heron Ward',
      fallback: true,
      checkIn: false,
      onCall: {
        nurse: [{ id: 'nurse-2', name: 'Tomasz Ferrow', sms: false }],
        doctor: [{ id: 'doctor-1', name: 'Dr Elias Brandreth', sms: false }],
        lead: [],
      },
      bedNurses: [],
      everyone: ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1'],
      policies: { adult: 'ours', obstetric: 'obstetric', child: 'child' },
      devices: [{ id: 'bp-001', bed: '4', standby: false }],
      beds: ['12'],
    },
  ]);
  expect(policies.map(({ name }: { name: string }) => name)).toEqual(['ours', 'obstetric', 'child']);
  expect(policies[0].limits).toContainEqual({
    limit: 'criticalSystolicHigh',
    mmHg: 170,
    source: "the hospital's own",
  });
  expect(problems).toEqual([
    {
      level: 'warning',
      path: 'wards[0]',
      message:
        'no rotation for lead: an alert goes on to the next level at once; outside of technicalHours nobody of the ward hears of a device',
    },
  ]);
  for (const { pin, email } of hospital.clinicians) {
    expect(text).not.toContain(pin);
    expect(text).not.toContain(email);
  }
});

test('who gets text messages as well is said, without the number', async () => {
  const phone = '+447700900123';
  const hospital = sound();
  const clinicians = hospital.clinicians.map((one) => (one.id === 'doctor-1' ? { ...one, phone } : one));
  const file = fileOf({ ...hospital, clinicians });
  const { text } = await hospitalCommand([file]);
  expect(text).toContain('Dr Elias Brandreth (doctor-1; mail, SMS)');
  for (const shown of [text, (await hospitalCommand([file, '--json'])).text])
    expect(shown).not.toContain(phone);
});

test('two on call are both named, and a nurse who has beds stands with them', async () => {
  const assigned = { ward: 'ward-001', beds: ['4'], clinicianId: 'lead-1' };
  const hospital = {
    ...sound(),
    rotations: [aRotation({ order: ['nurse-1'] }), aRotation({ order: ['nurse-2'] })],
    bedAssignments: [{ ...assigned, from: '2026-03-03T00:00', to: '2026-03-03T07:00' }],
  };
  const shownAt = async (at: string) => (await hospitalCommand([fileOf(hospital), '--at', at])).text;
  const night = await shownAt('2026-03-03T01:00');
  expect(night).toContain('  nurse       Amara Whitlock (nurse-1), Tomasz Ferrow (nurse-2)');
  expect(night).toContain('  of beds     bed 4 Maren Ashgrove (lead-1)');
  expect(await shownAt('2026-03-03T07:00')).not.toContain('of beds');
});

describe('what is refused makes exit code 1, what is odd does not', () => {
  const run = (...argv: string[]) =>
    spawnSync('node', ['infra/cli/hospital.ts', ...argv], { encoding: 'utf8' });
  const withoutDoctor = () => ({ ...sound(), rotations: [aRotation({ order: ['nurse-1', 'nurse-2'] })] });
  test.each<[string, unknown, number, RegExp]>([
    [
      'a level without a rotation',
      withoutDoctor(),
      0,
      /0 refused, 1 to check\n {2}check {7}wards\[0\]: no rotation/,
    ],
    [
      'a ward without anybody',
      { ...sound(), wards: [...sound().wards, { id: 'ward-002', name: 'New' }] },
      1,
      /Problems: 1 refused, 1 to check\n {2}refused {5}wards\[1\]: nobody works there/,
    ],
    [
      'a clinician whom nobody knows',
      { ...sound(), rotations: [aRotation({ order: ['ghost'] })] },
      1,
      /nurse {7}nobody.*refused {5}rotations\[0\]\.order\[0\]: no clinician has the id ghost/s,
    ],
    [
      'a field that is none',
      { ...sound(), zoo: 1 },
      1,
      /^Problems: 1 refused, 0 to check\n {2}refused {5}Unrec/,
    ],
    ['no JSON', '{', 2, /ours\.json: not JSON$/],
  ])('%s', (_what, hospital, status, said) => {
    const { stdout, stderr, ...exit } = run(fileOf(hospital));
    expect(`${stdout}${stderr}`.trim()).toMatch(said);
    expect(exit.status).toBe(status);
  });
});

test('names that would move the cursor, and names without a space, stay in their 100 columns', async () => {
  const hospital = { ...sound(), name: `\u001b[2J${'x'.repeat(90)} y` };
  Object.assign(hospital.wards[0] as object, { beds: ['z'.repeat(99)] });
  const { text } = await hospitalCommand([fileOf(hospital)]);
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(text).toContain('Problems: ');
});

test('what is published is shown like a file', async () => {
  const aws = new LocalAws(aRoster());
  const bucket = process.env.ROSTER_BUCKET ?? '';
  const { text, isRefused } = await hospitalCommand(['--published', '--bucket', bucket]);
  expect([aws.calls, isRefused]).toEqual([['GetObject roster/hospital.json'], false]);
  expect(text).toContain('ward-001: Heron Ward');
});

describe('with the stage’s table, who of those on call would not hear of an alert', () => {
  const shownOf = async (problems?: object[]) => {
    const aws = new LocalAws(aRoster());
    const checkedAt = '2026-11-24T03:00:00.000Z';
    if (problems) aws.items.set('PREFLIGHT#hospital', { kind: 'preflight', checkedAt, problems });
    const published = ['--published', '--bucket', process.env.ROSTER_BUCKET ?? ''];
    return (await hospitalCommand([...published, '--table', aws.tableName])).text;
  };

  test('each problem, and whether it is an alarm', async () => {
    const toldAt = '2026-11-24T03:00:00.000Z';
    const text = await shownOf([
      { is: 'notConfirmed', of: 'nurse-1', toldAt },
      { is: 'notProved', of: 'lead-1' },
    ]);
    expect(text).toMatch(/Preflight of 2026-11-24T03:00:00.000Z:\n {2}alarm {7}nurse-1: has not confirmed/);
    expect(text).toMatch(/\n {2}check {7}lead-1: has answered no page/);
  });

  test('that there are none, or has not been looked', async () => {
    expect(await shownOf([])).toContain('mail reaches whoever is on call');
    await expect(shownOf()).rejects.toThrow('no preflight yet');
  });
});

test.each([
  ['a table without a roster', ['--table', 't']],
  ['two files', ['a.json', 'b.json']],
  ['published, but where', ['--published']],
  ['a bucket, but what of it', ['--bucket', 'b']],
  ['a file and what is published', ['a.json', '--published', '--bucket', 'b']],
  ['no time', ['--at', 'yesterday']],
])('%s: how it is used', async (_what, argv) => {
  await expect(hospitalCommand(argv)).rejects.toThrow(/Usage: npm run hospital/);
});
