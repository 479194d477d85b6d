/** Who may answer on a page, whoever is on call by then. */
import { expect, test } from 'vitest';
import { newPage } from '../../../handlers/alert/page.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import { mayAnswer } from '../../../handlers/answering/request-context.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { withSwaps } from '../../../handlers/on-call/swap.ts';
import { aPagedAlert, minute } from '../alert/builders.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';

const alert = aPagedAlert();
const page = newPage(alert, 'page-1', 'nurse-1', minute(1));
const before = aRoster({
  rotations: [aRotation({ order: ['nurse-1'] }), ...aRoster().rotations.slice(1)],
  clinicians: aRoster().clinicians.map((one) => ({ ...one, wards: one.role === 'nurse' ? [] : one.wards })),
});
const idsAt = (roster: Roster, now: string) => mayAnswer({ page, alert, roster, now }).map(({ id }) => id);

test('a swap while a page is out leaves it with its addressee, lets the other answer, and counts for the next page', () => {
  const handed = [{ replaces: 'nurse-1', clinicianId: 'nurse-2', at: minute(2) }];
  const { roster, problems } = withSwaps(before, handed, minute(2));
  expect(problems).toEqual(['nurse-2 does not work in ward-001']);
  expect(idsAt(before, minute(3))).toEqual(['nurse-1', 'doctor-1', 'lead-1']);
  expect(idsAt(roster, minute(3))).toEqual(['nurse-1', 'nurse-2', 'doctor-1', 'lead-1']);
  const next = respondersOf(roster, alert, minute(3)).map(({ id }) => id);
  expect(next).toEqual(['nurse-2']);
});

test('the nurse of the bed stands before the others of the ward', () => {
  const bed = { ward: 'ward-001', beds: ['4'], from: minute(0), to: minute(60) };
  const roster = { ...before, bedAssignments: [{ ...bed, clinicianId: 'nurse-2' }] };
  expect(idsAt(roster, minute(3))).toEqual(['nurse-1', 'nurse-2', 'doctor-1', 'lead-1']);
});
