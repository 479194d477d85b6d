/** Who is on call, as a charge nurse asks for it: shifts, gaps, an instant, a calendar. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lookUp } from '../../../../infra/cli/roster/look-up.ts';
import { aHospital, aRoster, aRotation } from '../../../handlers/on-call/builders.ts';
import { LocalAws } from '../../../local-aws.ts';

afterEach(() => vi.restoreAllMocks());

const others = aHospital().rotations.slice(1);
const fileOf = (changes: Partial<ReturnType<typeof aHospital>> = {}) => {
  const file = join(mkdtempSync(join(tmpdir(), 'roster-')), 'ours.json');
  writeFileSync(file, JSON.stringify(aHospital(changes)));
  return file;
};
const at = ['--at', '2026-11-24T10:00'];
const run = async (...argv: string[]) => (await lookUp(argv)).text;
const parsed = async (...argv: string[]) => JSON.parse(await run(...argv, '--json'));

describe('gaps', () => {
  const gapsOf = async (changes: Partial<ReturnType<typeof aHospital>>) => {
    const { text, exitCode } = await lookUp(['gaps', fileOf(changes), ...at]);
    return [exitCode, ...text.split('\n').slice(1)];
  };

  test('there are none', async () => {
    expect(await gapsOf({})).toEqual([0, 'No gaps.']);
  });

  test('a level without a rotation, for as long as is looked at', async () => {
    expect(await gapsOf({ rotations: [aRotation(), ...others.slice(0, 1)] })).toEqual([
      1,
      'ward-001 lead: nobody from Tue 24 Nov 2026 10:00 +00:00 until Tue 8 Dec 2026 10:00 +00:00: it has no rotation',
    ]);
  });

  test('a rotation that has not begun', async () => {
    expect(await gapsOf({ rotations: [aRotation({ startsOn: '2026-11-25' }), ...others] })).toEqual([
      1,
      'ward-001 nurse: nobody from Tue 24 Nov 2026 10:00 +00:00 until Wed 25 Nov 2026 07:00 +00:00',
    ]);
  });

  test('a stand-in who is nobody, across two shifts, in the local time of the hospital', async () => {
    const overrides = [{ from: '2026-11-30T12:00', to: '2026-12-01T20:00', clinicianId: 'gone' }];
    const rotations = [aRotation({ overrides }), ...others];
    const [exitCode, ...lines] = await gapsOf({ zone: 'Europe/Zurich', rotations });
    expect([exitCode, lines]).toEqual([
      1,
      ['ward-001 nurse: nobody from Mon 30 Nov 2026 12:00 +01:00 until Tue 1 Dec 2026 20:00 +01:00'],
    ]);
  });

  test('one person on two rotations at once is said, and is no gap', async () => {
    const second = aRotation({ order: ['nurse-2', 'nurse-2'], startsOn: '2026-11-25' });
    const [exitCode, ...lines] = await gapsOf({ rotations: [aRotation(), second, ...others] });
    expect(exitCode).toBe(0);
    expect(lines[0]).toBe(
      'ward-001 nurse: 2 rotations, and only Amara Whitlock (nurse-1) from Tue 24 Nov 2026 10:00 +00:00 until Tue 24 Nov 2026 19:00 +00:00',
    );
  });

  test('for a machine: instants, names and ids, and nobody’s PIN or address', async () => {
    const file = fileOf({ rotations: [aRotation(), aRotation(), ...others.slice(0, 1)] });
    const { gaps, fewer } = await parsed('gaps', file, ...at);
    expect(gaps).toEqual([
      {
        is: 'nobody',
        ward: 'ward-001',
        level: 'lead',
        rotations: 0,
        from: '2026-11-24T10:00:00.000Z',
        to: '2026-12-08T10:00:00.000Z',
        people: [],
      },
    ]);
    expect(fewer[0].people).toEqual([{ id: 'nurse-1', name: 'Amara Whitlock' }]);
  });

  test('make exit code 1', () => {
    const gone = fileOf({ rotations: others });
    const { status, stdout } = spawnSync('node', ['infra/cli/roster.ts', 'gaps', gone], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, expect.stringContaining('ward-001 nurse: nobody from')]);
  });
});

describe('at', () => {
  test('who is on call on each level, and whose beds are whose', async () => {
    const bedAssignments = [
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-24T07:00',
        to: '2026-11-24T19:00',
      },
    ];
    const file = fileOf({
      bedAssignments,
      rotations: [aRotation(), aRotation({ order: ['lead-1'] }), others[0]] as never,
    });
    expect((await run('at', '2026-11-24T10:00', file)).split('\n').slice(1)).toEqual([
      'ward-001 bed 4: Tomasz Ferrow (nurse-2)',
      'ward-001 nurse: Amara Whitlock (nurse-1), Maren Ashgrove (lead-1)',
      'ward-001 doctor: Dr Elias Brandreth (doctor-1)',
      'ward-001 lead: nobody',
      'ward-001 everyone: nurse-1, nurse-2, doctor-1, lead-1',
    ]);
    const { wards } = await parsed('at', '2026-11-24T20:00Z', file);
    expect([wards[0].bedNurses, wards[0].onCall.nurse[0].id]).toEqual([[], 'nurse-2']);
  });
});

describe('show', () => {
  test('the shifts of a week, those that follow each other as one, and what is to come beside them', async () => {
    const assigned = { ward: 'ward-001', beds: ['4'], clinicianId: 'nurse-2' };
    const bedAssignments = [
      { ...assigned, from: '2026-11-24T07:00', to: '2026-11-24T19:00' },
      { ...assigned, from: '2026-11-23T07:00', to: '2026-11-24T10:00' },
    ];
    const lines = (await run('show', fileOf({ bedAssignments }), ...at)).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      'ward-001 nurse',
      '  Tue 24 Nov 2026 10:00 +00:00  Amara Whitlock (nurse-1)',
      '  Tue 24 Nov 2026 19:00 +00:00  Tomasz Ferrow (nurse-2)',
    ]);
    expect(lines.slice(-7)).toEqual([
      'ward-001 doctor',
      '  Tue 24 Nov 2026 10:00 +00:00  Dr Elias Brandreth (doctor-1)',
      'ward-001 lead',
      '  Tue 24 Nov 2026 10:00 +00:00  Maren Ashgrove (lead-1)',
      'ward-001 beds 4',
      '  2026-11-24T07:00 until 2026-11-24T19:00  nurse-2',
      'until Tue 1 Dec 2026 10:00 +00:00',
    ]);
  });

  test('what is published is shown with its swaps, and nothing of it moves the cursor', async () => {
    const swap = { ward: 'ward-001', role: 'nurse' as const, replaces: 'nurse-2', clinicianId: 'lead-1' };
    const swaps = [{ ...swap, from: '2026-11-24T19:00:00.000Z', to: '2026-11-25T07:00:00.000Z' }];
    new LocalAws(aRoster({ swaps, name: '\u001b[2J' }));
    const bucket = process.env.ROSTER_BUCKET ?? '';
    const text = await run('show', '--published', '--bucket', bucket, ...at);
    expect(text).toContain('  Tue 24 Nov 2026 19:00 +00:00  Maren Ashgrove (lead-1)');
    expect(text).toContain(
      '  Tue 24 Nov 2026 19:00 +00:00 until Wed 25 Nov 2026 07:00 +00:00  lead-1 for nurse-2',
    );
    expect(text).not.toContain('\u001b');
  });
});

describe('calendar', () => {
  const values = (text: string, name: string) =>
    Array.from(text.matchAll(new RegExp(`^${name}:(.*)\\r$`, 'gm')), ([, value]) => value);

  test('one’s own shifts: where and as what, the first and the last of them whole, in UTC', async () => {
    const text = await run('calendar', 'nurse-1', fileOf(), ...at, '--days', '2');
    expect(new Set(values(text, 'SUMMARY'))).toEqual(new Set(['ward-001: nurse on call']));
    const days = ['20261124', '20261125', '20261126'];
    expect(values(text, 'DTSTART')).toEqual(days.map((day) => `${day}T070000Z`));
    expect(values(text, 'DTEND')).toEqual(days.map((day) => `${day}T190000Z`));
    expect(text).not.toMatch(/Whitlock|Ferrow|example\.org|p-7/);
  });

  test('a ward’s: names, beds that are assigned; and each time the same ids', async () => {
    const bedAssignments = [
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-24T07:00',
        to: '2026-11-24T19:00',
      },
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-22T07:00',
        to: '2026-11-22T19:00',
      },
    ];
    const file = fileOf({ bedAssignments });
    const [now, soon] = await Promise.all(
      ['10:00', '11:00'].map((time) =>
        run('calendar', '--ward', 'ward-001', file, '--at', `2026-11-24T${time}`, '--days', '1'),
      ),
    );
    expect(values(now ?? '', 'SUMMARY').slice(0, 2)).toEqual([
      'Amara Whitlock: nurse on call',
      'Tomasz Ferrow: nurse on call',
    ]);
    expect(values(now ?? '', 'SUMMARY').filter((summary) => summary?.includes('bed'))).toEqual([
      'Tomasz Ferrow: bed 4',
    ]);
    expect(values(now ?? '', 'UID').length).toBeGreaterThan(3);
    expect(values(soon ?? '', 'UID')).toEqual(values(now ?? '', 'UID'));
  });
});

test.each([
  ['no time', ['at'], /^Usage/],
  ['a time that is none', ['at', 'soon'], /^soon: not a time/],
  ['two files', ['show', 'a.json', 'b.json'], /^Usage/],
  ['published, but where', ['gaps', '--published'], /^Usage/],
  ['a bucket, but what of it', ['gaps', '--bucket', 'b'], /^Usage/],
  ['a file and what is published', ['show', 'a.json', '--published', '--bucket', 'b'], /^Usage/],
  ['nobody’s calendar', ['calendar'], /^Usage/],
  ['the calendar of somebody unknown', ['calendar', 'ghost'], /^ghost: not in this roster/],
  ['the calendar of an unknown ward', ['calendar', '--ward', 'ward-999'], /^ward-999: not in this roster/],
  ['days of what is always a week', ['show', '--days', '3'], /^Usage:/],
  ['a ward of what is of all', ['gaps', '--ward', 'ward-001'], /^Usage:/],
  ['two times', ['at', '2026-11-24T10:00', '--at', '2026-11-24T11:00'], /^Usage:/],
  ['a calendar in JSON', ['calendar', 'ward-001-nurse-1', '--json'], /^Usage:/],
  ['days that are none', ['calendar', 'ward-001-nurse-1', '--days', '0'], /^--days: from 1 to 999/],
])('%s: what is wrong', async (_what, argv, said) => {
  await expect(lookUp(argv)).rejects.toThrow(said);
});

test('a file that is no roster is answered with its fields', async () => {
  await expect(lookUp(['gaps', fileOf({ zone: 'Nowhere' })])).rejects.toThrow('zone: not an IANA time zone');
});
