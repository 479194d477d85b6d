/** Shifts that people swap: in what is published, beside what others change at the same time. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadRoster } from '../../../../handlers/aws/s3/roster-store.ts';
import { whoIsOnCall } from '../../../../handlers/on-call/on-call.ts';
import type { Roster } from '../../../../handlers/on-call/roster.ts';
import { rosterCommand } from '../../../../infra/cli/roster.ts';
import { aHospital, aRoster, aRotation } from '../../../handlers/on-call/builders.ts';
import { LocalAws, rootKey } from '../../../local-aws.ts';

let aws: LocalAws;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T10:00:00.000Z'), toFake: ['Date'] });
  aws = new LocalAws(aRoster());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const bucket = () => process.env.ROSTER_BUCKET as string;
const swap = (clinician: string, other: string, at: string, ...more: string[]) =>
  rosterCommand(['swap', clinician, '--with', other, '--at', at, '--bucket', bucket(), ...more]);
/** As a function reads it that has waited long enough. */
let asked = 0;
const nursesAt = async (...times: string[]) => {
  const roster = await loadRoster(bucket(), ++asked * 3_600_000);
  return times.flatMap((at) => whoIsOnCall(roster, 'ward-001', 'nurse', at).map(({ id }) => id));
};
const [evening, day] = ['2026-11-24T20:00:00.000Z', '2026-11-25T12:00:00.000Z'];

/** Publishes the file as it always was, without the people who have left. */
async function publishFile(...left: string[]): Promise<string> {
  const hospital = aHospital();
  const order = (all: string[]) => all.filter((id) => !left.includes(id));
  const clinicians = hospital.clinicians
    .filter(({ id }) => !left.includes(id))
    .map((one, n) => ({ ...one, pin: `2048${n}7` }));
  const rotations = hospital.rotations.map((one) => ({ ...one, order: order(one.order) }));
  const file = join(mkdtempSync(join(tmpdir(), 'roster-')), 'ours.json');
  writeFileSync(file, JSON.stringify({ ...hospital, clinicians, rotations }));
  vi.spyOn(LambdaClient.prototype, 'send').mockImplementation((async () => ({
    Environment: { Variables: { HOSPITAL_ZONE: 'Europe/London' } },
  })) as never);
  const secret = aws.secret('vigil-demo-answers', rootKey);
  return rosterCommand(['publish', file, '--bucket', bucket(), '--secret', secret]);
}

test('one takes a shift of another: who, when, and what of pages', async () => {
  expect(await swap('nurse-2', 'nurse-1', '2026-11-24T20:00')).toBe(
    [
      'ward-001 nurse, Tue 24 Nov 2026 19:00 +00:00 until Wed 25 Nov 2026 07:00 +00:00: nurse-1 for nurse-2',
      'It counts within a minute. A page that has gone out stays with whom it was sent to.',
    ].join('\n'),
  );
  expect(await nursesAt(evening, day)).toEqual(['nurse-1', 'nurse-1']);
});

test('two exchange theirs', async () => {
  await swap('nurse-2', 'nurse-1', evening, '--for', day);
  expect(await nursesAt(evening, day)).toEqual(['nurse-1', 'nurse-2']);
});

test('of swaps at once none is lost', async () => {
  const [first, second, third] = ['24T20:00Z', '25T20:00Z', '26T20:00Z'].map((time) => `2026-11-${time}`);
  await Promise.all([first, second, third].map((at) => swap('nurse-2', 'nurse-1', at as string)));
  expect(await nursesAt(...([first, second, third] as string[]))).toEqual(['nurse-1', 'nurse-1', 'nurse-1']);
});

test('a publication of the same file leaves them, until they are over', async () => {
  await swap('nurse-2', 'nurse-1', evening);
  expect(await publishFile()).not.toMatch(/Dealt anew|is gone/);
  expect(await nursesAt(evening)).toEqual(['nurse-1']);
  vi.setSystemTime(Date.parse(day));
  await publishFile();
  expect((await loadRoster(bucket(), ++asked * 3_600_000)).swaps).toEqual([]);
});

test('who has left takes no shift, and the publication says so', async () => {
  await swap('nurse-2', 'nurse-1', evening);
  const said = await publishFile('nurse-1');
  expect(said).toContain('nurse-1 takes no shifts any more: the swap from 2026-11-24T19:00:00.000Z is gone.');
  expect(said).toContain('Dealt anew: ward-001 nurse, Tue 24 Nov 2026 10:00 +00:00: nurse-2, not nurse-1.');
  expect(await nursesAt(evening)).toEqual(['nurse-2']);
});

test.each<[string, string[], RegExp]>([
  [
    'somebody on two levels',
    ['nurse-2', 'doctor-1', evening],
    /^doctor-1 is on call in ward-001 as doctor, too/,
  ],
  ['a shift of nobody’s', ['nurse-1', 'nurse-2', evening], /^nurse-1 has no shift at/],
  ['a shift that is over', ['nurse-1', 'nurse-2', '2026-11-23T12:00'], /^nurse-1 has no shift at/],
  ['a stranger', ['nurse-2', 'ghost', evening], /^ghost: is nobody in the published roster/],
  ['who only does quality', ['nurse-2', 'quality-1', evening], /^quality-1: does not take shifts/],
  ['oneself', ['nurse-2', 'nurse-2', evening], /^nurse-2: cannot swap with the same person$/],
  ['no time', ['nurse-2', 'nurse-1', 'tonight'], /^tonight: not a time/],
])('%s is refused, and nothing is changed', async (_what, [clinician, other, at], said) => {
  await expect(swap(clinician as string, other as string, at as string)).rejects.toThrow(said);
  expect(aws.calls.filter((call) => call.startsWith('PutObject'))).toEqual([]);
});

describe('who works in two wards', () => {
  const other = { ward: 'ward-002', order: ['nurse-3'] };
  const wards = ['ward-001', 'ward-002'];
  const roster = (changes: Partial<Roster>): Roster => {
    const { clinicians, rotations, ...rest } = aRoster();
    const [nurse] = clinicians as [Roster['clinicians'][number]];
    return {
      ...rest,
      wards: wards.map((id) => ({ id, name: id })),
      clinicians: [...clinicians, { ...nurse, id: 'nurse-3' }].map((one) => ({ ...one, wards })),
      rotations,
      ...changes,
    };
  };
  const both = { rotations: [...aRoster().rotations, aRotation(other)] };

  test('takes no shift while on call in the other, unless somebody insists', async () => {
    aws.roster = roster(both);
    const problem = 'nurse-3 is on call in ward-002 as nurse, too, from 2026-11-24T19:00:00.000Z to ';
    await expect(swap('nurse-2', 'nurse-3', evening)).rejects.toThrow(problem);
    expect(await swap('nurse-2', 'nurse-3', evening, '--force')).toContain(problem);
  });

  test('nor while having beds there, also for a part of the shift', async () => {
    const assigned = { ward: 'ward-002', beds: ['1'], clinicianId: 'nurse-3' };
    const [from, to] = ['2026-11-24T23:00', '2026-11-24T23:30'];
    aws.roster = roster({ bedAssignments: [{ ...assigned, from, to }] });
    await expect(swap('nurse-2', 'nurse-3', evening)).rejects.toThrow('is on call in ward-002 as nurse, too');
    expect(await swap('nurse-2', 'nurse-3', '2026-11-25T20:00')).toMatch(/nurse-3 for nurse-2\nIt counts/);
  });

  test('hands over both shifts to one who has neither, and exchanges one with one', async () => {
    const doctors = aRotation({ role: 'doctor', ward: 'ward-002', order: ['doctor-1'] });
    aws.roster = roster({ rotations: [...aRoster().rotations, doctors] });
    expect(await swap('doctor-1', 'nurse-3', evening)).toMatch(/^(ward-00\d doctor.*\n){2}It counts/);
    aws.roster = roster(both);
    expect(await swap('nurse-2', 'nurse-3', evening, '--for', evening)).toMatch(
      /^ward-001 nurse.*: nurse-3 for nurse-2\nward-002 nurse.*: nurse-2 for nurse-3\nIt counts/,
    );
  });
});

test('who insists gets it, and reads why one had better not', async () => {
  const said = await swap('nurse-2', 'doctor-1', evening, '--force');
  expect(said).toMatch(/doctor-1 for nurse-2\n {2}doctor-1 is on call in ward-001 as doctor, too/);
  expect(await nursesAt(evening)).toEqual(['doctor-1']);
  await expect(swap('nurse-1', 'nurse-2', evening, '--force')).rejects.toThrow(/has no shift/);
});

test.each([
  ['nobody to swap with', ['--at', evening, '--bucket', 'b']],
  ['no shift', ['--with', 'nurse-1', '--bucket', 'b']],
  ['no bucket', ['--with', 'nurse-1', '--at', evening]],
])('%s: how it is used', async (_what, options) => {
  await expect(rosterCommand(['swap', 'nurse-2', ...options])).rejects.toThrow(/^Usage: npm run roster/);
});
