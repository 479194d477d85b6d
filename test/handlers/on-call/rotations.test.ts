/** What a rotation can say besides an order: two on call, orders from a date on, beds of a nurse's own, and swaps. */
import { describe, expect, test } from 'vitest';
import { dealtAnew } from '../../../handlers/on-call/dealt-anew.ts';
import { addressees, everyoneOfWard, LEVELS, whoIsOnCall } from '../../../handlers/on-call/on-call.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { withSwaps } from '../../../handlers/on-call/swap.ts';
import { aRoster, aRotation } from './builders.ts';

const ids = (people: readonly { id: string }[]) => people.map(({ id }) => id);
const nurses = (roster: Roster, at: string) => ids(whoIsOnCall(roster, 'ward-001', 'nurse', at));
const bed = (name: string | null) => ({ ward: 'ward-001', bed: name });
const others = aRoster().rotations.slice(1);
const now = '2026-11-24T10:00:00.000Z';

describe('two rotations of a ward and level: two on call', () => {
  const rotations = [
    aRotation({ order: ['nurse-1', 'nurse-2'] }),
    aRotation({ order: ['nurse-2', 'nurse-1'], shiftStarts: ['07:00', '15:00'] }),
  ];
  test('both are asked, in the order of the file, and a person who has both is asked once', () => {
    const roster = aRoster({ rotations });
    expect(nurses(roster, '2026-01-05T08:00:00.000Z')).toEqual(['nurse-1', 'nurse-2']);
    expect(nurses(roster, '2026-01-05T16:00:00.000Z')).toEqual(['nurse-1']);
    expect(ids(addressees(roster, bed('4'), ['nurse'], '2026-01-05T08:00:00.000Z'))).toHaveLength(2);
  });

  test('before one of them has begun, the other is asked alone', () => {
    const roster = aRoster({
      rotations: [rotations[0], { ...rotations[1], startsOn: '2026-02-02' }] as never,
    });
    expect(nurses(roster, '2026-01-05T08:00:00.000Z')).toEqual(['nurse-1']);
  });
});

describe('a nurse more, from a date on', () => {
  const before = aRoster({ rotations: [aRotation(), ...others] });
  const order = ['nurse-1', 'nurse-2', 'doctor-1'];
  const dated = aRoster({
    rotations: [aRotation({ changes: [{ startsOn: '2026-11-26', order }] }), ...others],
  });
  const hours = (days: number) =>
    Array.from({ length: days * 24 }, (_, hour) =>
      new Date(Date.parse('2026-11-20T00:30:00Z') + hour * 3_600_000).toISOString(),
    );

  test('every shift up to the first of that date stays as it was, and then the order begins', () => {
    for (const at of hours(6)) expect([at, nurses(dated, at)]).toEqual([at, nurses(before, at)]);
    expect(nurses(dated, '2026-11-26T06:59:59.999Z')).toEqual(nurses(before, '2026-11-26T06:59:59.999Z'));
    const starts = ['26T07', '26T19', '27T07', '27T19'].map((start) => `2026-11-${start}:00:00.000Z`);
    expect(starts.flatMap((at) => nurses(dated, at))).toEqual([...order, 'nurse-1']);
  });

  test('the shifts of a day can change with it', () => {
    const shorter = [{ startsOn: '2026-11-26', order, shiftStarts: ['06:00', '14:00', '22:00'] }];
    const roster = aRoster({ rotations: [aRotation({ changes: shorter }), ...others] });
    const at = (time: string) => nurses(roster, `2026-11-${time}.000Z`);
    expect([at('26T05:59:59'), at('26T06:00:00'), at('26T14:00:00'), at('26T22:00:00')]).toEqual([
      nurses(before, '2026-11-26T05:59:59.999Z'),
      ...order.map((id) => [id]),
    ]);
  });

  test('a nurse put at the end of the order itself is said to deal the present shift anew; by a dated order nothing is', () => {
    const appended = aRoster({ rotations: [aRotation({ order }), ...others] });
    expect(dealtAnew(before, appended, now)).toEqual([
      { ward: 'ward-001', level: 'nurse', from: now, before: ['nurse-1'], after: ['nurse-2'] },
    ]);
    expect(dealtAnew(before, dated, now)).toEqual([]);
    expect(dealtAnew(before, before, now)).toEqual([]);
  });

  test('the next shift is looked at, too, and the one after it is free', () => {
    const from = (startsOn: string) =>
      aRoster({
        rotations: [aRotation({ changes: [{ startsOn, order: ['lead-1', 'nurse-1'] }] }), ...others],
      });
    const evening = '2026-11-24T20:00:00.000Z';
    expect(dealtAnew(before, from('2026-11-25'), evening)).toMatchObject([
      { from: '2026-11-25T07:00:00.000Z', before: ['nurse-1'], after: ['lead-1'] },
    ]);
    expect(dealtAnew(before, from('2026-11-26'), evening)).toEqual([]);
  });

  test('a ward that is gone is nobody’s business', () => {
    const other = aRoster({ wards: [{ id: 'ward-002', name: 'New' }], fallbackWard: 'ward-002' });
    expect(dealtAnew(before, other, now)).toEqual([]);
  });
});

describe('beds that a nurse has for a shift', () => {
  const bedAssignments = [
    {
      ward: 'ward-001',
      beds: ['4', '5'],
      clinicianId: 'nurse-2',
      from: '2026-07-01T07:00',
      to: '2026-07-01T19:00',
    },
    {
      ward: 'ward-001',
      beds: ['5'],
      clinicianId: 'lead-1',
      from: '2026-07-01T09:00Z',
      to: '2026-07-01T19:00',
    },
  ];
  const roster = aRoster({
    rotations: [aRotation({ order: ['nurse-1'] }), ...others],
    bedAssignments,
  });
  const asked = (name: string | null, at: string, levels = LEVELS) =>
    ids(addressees(roster, bed(name), levels, `2026-07-01T${at}.000Z`));

  test('the bed’s nurse is asked in place of the ward’s, in the hospital’s local time', () => {
    expect(asked('4', '05:59:59')).toEqual(['nurse-1', 'doctor-1', 'lead-1']);
    expect(asked('4', '06:00:00')).toEqual(['nurse-2', 'doctor-1', 'lead-1']);
    expect(asked('4', '17:59:59')).toEqual(['nurse-2', 'doctor-1', 'lead-1']);
    expect(asked('4', '18:00:00')).toEqual(['nurse-1', 'doctor-1', 'lead-1']);
  });

  test('of two assignments of a bed the last counts; each person is asked once', () => {
    expect(asked('5', '08:59:59')).toEqual(['nurse-2', 'doctor-1', 'lead-1']);
    expect(asked('5', '09:00:00')).toEqual(['lead-1', 'doctor-1']);
  });

  test('another bed, no bed, and another level are the ward’s', () => {
    expect(asked('6', '10:00:00', ['nurse'])).toEqual(['nurse-1']);
    expect(asked(null, '10:00:00', ['nurse'])).toEqual(['nurse-1']);
    expect(asked('4', '10:00:00', ['doctor'])).toEqual(['doctor-1']);
    const elsewhere = { ward: 'ward-999', bed: '4' };
    expect(ids(addressees(roster, elsewhere, ['nurse'], '2026-07-01T10:00:00.000Z'))).toEqual(['nurse-1']);
  });

  test('everyone of the ward includes who has beds there, though of another', () => {
    const visiting = roster.clinicians.map((one) => (one.id === 'nurse-2' ? { ...one, wards: [] } : one));
    const everyone = (at: string) => ids(everyoneOfWard({ ...roster, clinicians: visiting }, 'ward-001', at));
    expect(everyone('2026-07-01T10:00:00.000Z')).toContain('nurse-2');
    expect(everyone('2026-07-01T20:00:00.000Z')).not.toContain('nurse-2');
  });

  test('a bed’s nurse who has left the roster leaves the bed to the ward', () => {
    const clinicians = roster.clinicians.filter(({ id }) => id !== 'nurse-2');
    const left = addressees({ ...roster, clinicians }, bed('4'), ['nurse'], '2026-07-01T10:00:00.000Z');
    expect(ids(left)).toEqual(['nurse-1']);
  });
});

describe('a swap', () => {
  const roster = aRoster();
  const evening = '2026-11-24T20:00:00.000Z';
  const swapped = (...handed: [string, string, string][]) =>
    withSwaps(
      roster,
      handed.map(([replaces, clinicianId, at]) => ({ replaces, clinicianId, at })),
      now,
    );

  test('hands over one whole shift, and those beside it stay', () => {
    const { roster: after, problems, swaps } = swapped(['nurse-2', 'doctor-1', evening]);
    expect(swaps).toEqual([
      {
        ward: 'ward-001',
        role: 'nurse',
        replaces: 'nurse-2',
        clinicianId: 'doctor-1',
        from: '2026-11-24T19:00:00.000Z',
        to: '2026-11-25T07:00:00.000Z',
      },
    ]);
    expect(problems[0]).toMatch(/^doctor-1 is on call in ward-001 as doctor, too/);
    const at = (time: string) => nurses(after, `2026-11-${time}.000Z`);
    expect([at('24T18:59:59'), at('24T19:00:00'), at('25T06:59:59'), at('25T07:00:00')]).toEqual([
      ['nurse-1'],
      ['doctor-1'],
      ['doctor-1'],
      ['nurse-1'],
    ]);
  });

  test('of two shifts gives each the other’s', () => {
    const day = '2026-11-25T12:00:00.000Z';
    const { roster: after, problems } = swapped(['nurse-2', 'nurse-1', evening], ['nurse-1', 'nurse-2', day]);
    expect(problems).toEqual([]);
    expect([nurses(after, evening), nurses(after, day)]).toEqual([['nurse-1'], ['nurse-2']]);
  });

  test('of a shift that has begun counts from now on: who has had it before had it', () => {
    const { roster: after, swaps } = swapped(['nurse-1', 'nurse-2', now]);
    expect(swaps[0]?.from).toBe(now);
    expect(nurses(after, '2026-11-24T09:59:59.999Z')).toEqual(['nurse-1']);
  });

  test('can be handed on, and taken back', () => {
    const once = swapped(['nurse-2', 'nurse-1', evening]).roster;
    const on = withSwaps(once, [{ replaces: 'nurse-1', clinicianId: 'lead-1', at: evening }], now).roster;
    expect(nurses(on, evening)).toEqual(['lead-1']);
    const back = withSwaps(on, [{ replaces: 'lead-1', clinicianId: 'nurse-2', at: evening }], now).roster;
    expect(nurses(back, evening)).toEqual(['nurse-2']);
  });

  test('takes the beds along, and forgets swaps that are over', () => {
    const bedAssignments = [
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-24T19:00',
        to: '2026-11-25T07:00',
      },
    ];
    const handed = [{ replaces: 'nurse-2', clinicianId: 'lead-1', at: evening }];
    const { roster: after } = withSwaps({ ...roster, bedAssignments }, handed, now);
    expect(ids(addressees(after, bed('4'), ['nurse'], evening))).toEqual(['lead-1']);
    const later = withSwaps(after, [], '2026-11-25T07:00:00.000Z');
    expect(later.roster.swaps).toEqual([]);
  });

  describe('of who has beds for a week', () => {
    const bedAssignments = [
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-23T07:00',
        to: '2026-11-30T07:00',
      },
    ];
    const span = { from: '2026-11-24T19:00:00.000Z', to: '2026-11-25T07:00:00.000Z' };
    const handed = [{ replaces: 'nurse-2', clinicianId: 'lead-1', at: evening }];
    const bedAt = (after: Roster, time: string) =>
      ids(addressees(after, bed('4'), ['nurse'], `2026-11-${time}:00:00.000Z`));

    test('moves beds and shift for that shift alone', () => {
      const { roster: after, swaps } = withSwaps({ ...roster, bedAssignments }, handed, now);
      expect(swaps).toEqual([
        { ward: 'ward-001', role: 'nurse', replaces: 'nurse-2', clinicianId: 'lead-1', ...span },
      ]);
      expect([bedAt(after, '24T18'), bedAt(after, '24T20'), bedAt(after, '25T07')]).toEqual([
        ['nurse-2'],
        ['lead-1'],
        ['nurse-2'],
      ]);
      expect(nurses(after, '2026-11-25T20:00:00.000Z')).toEqual(['nurse-2']);
    });

    test('in no rotation, while the ward’s shift lasts', () => {
      const rotations = [aRotation({ order: ['nurse-1'] })];
      const { swaps } = withSwaps({ ...roster, rotations, bedAssignments }, handed, now);
      expect(swaps).toMatchObject([span]);
    });

    test('and another shift of that week is exchanged for it', () => {
      const exchanged = [
        { replaces: 'nurse-2', clinicianId: 'nurse-1', at: evening },
        { replaces: 'nurse-1', clinicianId: 'nurse-2', at: '2026-11-26T12:00:00.000Z' },
      ];
      const { problems, swaps } = withSwaps({ ...roster, bedAssignments }, exchanged, now);
      expect(problems).toEqual([]);
      expect(swaps).toHaveLength(2);
    });

    test('in a ward without a rotation for nurses, for as long as they are', () => {
      const rotations = roster.rotations.filter(({ role }) => role !== 'nurse');
      const { swaps } = withSwaps({ ...roster, rotations, bedAssignments }, handed, now);
      expect(swaps).toMatchObject([{ from: now, to: '2026-11-30T07:00:00.000Z' }]);
    });
  });

  test('with somebody of another ward is remarked', () => {
    const clinicians = roster.clinicians.map((one) => (one.id === 'lead-1' ? { ...one, wards: [] } : one));
    const handed = [{ replaces: 'nurse-2', clinicianId: 'lead-1', at: evening }];
    expect(withSwaps({ ...roster, clinicians }, handed, now).problems).toContain(
      'lead-1 does not work in ward-001',
    );
  });

  test('reaches who has beds and is in no rotation', () => {
    const rotations = [aRotation({ order: ['nurse-1'] })];
    const bedAssignments = [
      {
        ward: 'ward-001',
        beds: ['4'],
        clinicianId: 'nurse-2',
        from: '2026-11-24T19:00',
        to: '2026-11-25T07:00',
      },
    ];
    const handed = [{ replaces: 'nurse-2', clinicianId: 'lead-1', at: evening }];
    const { roster: after, problems } = withSwaps({ ...roster, rotations, bedAssignments }, handed, now);
    expect(problems).toEqual([]);
    expect(ids(addressees(after, bed('4'), ['nurse'], evening))).toEqual(['lead-1']);
    const on = withSwaps(after, [{ replaces: 'lead-1', clinicianId: 'doctor-1', at: evening }], now).roster;
    expect(ids(addressees(on, bed('4'), ['nurse'], evening))).toEqual(['doctor-1']);
  });

  test('of one of two rotations hands over the whole shift, though the other changes within it', () => {
    const rotations = [
      aRotation({ order: ['nurse-1', 'nurse-2'] }),
      aRotation({ order: ['doctor-1'], shiftStarts: ['07:00', '15:00', '23:00'] }),
    ];
    const handed = [{ replaces: 'nurse-2', clinicianId: 'lead-1', at: evening }];
    const { swaps, problems } = withSwaps(aRoster({ rotations }), handed, now);
    expect(problems).toEqual([]);
    expect(swaps.map(({ from, to }) => [from, to])).toEqual([
      ['2026-11-24T19:00:00.000Z', '2026-11-25T07:00:00.000Z'],
    ]);
  });

  test('says what had better not be', () => {
    expect(swapped(['lead-1', 'nurse-1', '2026-11-23T10:00:00.000Z']).problems).toEqual([
      'lead-1 has no shift at 2026-11-23T10:00:00.000Z that is not over',
    ]);
    const two = aRoster({
      rotations: [aRotation({ order: ['nurse-1'] }), aRotation({ order: ['nurse-2'] })],
    });
    const double = withSwaps(two, [{ replaces: 'nurse-2', clinicianId: 'nurse-1', at: now }], now);
    expect(double.problems).toEqual([
      'nurse-1 is on call in ward-001 as nurse anyway: one fewer from 2026-11-24T10:00:00.000Z',
    ]);
    const crossing = withSwaps(
      two,
      [
        { replaces: 'nurse-2', clinicianId: 'nurse-1', at: now },
        { replaces: 'nurse-1', clinicianId: 'nurse-2', at: now },
      ],
      now,
    );
    expect(crossing.problems[0]).toMatch(/^both have their shifts at the same time/);
  });
});
