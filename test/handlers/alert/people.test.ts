import { expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { peopleAddressed } from '../../../handlers/alert/people.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import { anAlert, anOwnedAlert, minute } from './builders.ts';

/** 03:00 in London: the night's nurse has been on call since 19:00, and goes at 07:00. */
const rotations = [
  aRotation({ order: ['nurse-1'] }),
  aRotation({ role: 'doctor', order: ['doctor-1'] }),
  aRotation({ role: 'lead', order: ['lead-1'] }),
];
const askedOf = (alert: Alert, now = minute(20), roster = aRoster({ rotations })) =>
  peopleAddressed(roster, alert, now).map(({ id }) => id);

/** A new round on the owner's own rung: `ownerRound` is the one before. */
const askedAnew = (changes: Partial<Alert>) => anOwnedAlert({ round: 2, asking: 'worse', ...changes });

test('who is on call on the rung, and everyone on the last', () => {
  expect(askedOf(anAlert())).toEqual(['nurse-1']);
  expect(askedOf(anAlert({ worst: 'emergency' }))).toEqual(['nurse-1', 'doctor-1']);
  expect(askedOf(anAlert({ rung: 'everyone' }))).toEqual(['nurse-1', 'nurse-2', 'doctor-1', 'lead-1']);
});

test('asked anew, the owner hears of it first, though another one is on call', () => {
  expect(askedOf(askedAnew({ ownerId: 'nurse-2' }))).toEqual(['nurse-2', 'nurse-1']);
  expect(askedOf(askedAnew({ ownerId: 'nurse-1' }))).toEqual(['nurse-1']);
  expect(askedOf(askedAnew({ ownerId: 'nurse-2', worst: 'emergency' }))).toEqual([
    'nurse-2',
    'nurse-1',
    'doctor-1',
  ]);
});

test('on another rung the owner is not asked, nor once somebody has the new round', () => {
  expect(askedOf(askedAnew({ ownerId: 'nurse-2', rung: 'doctor' }))).toEqual(['doctor-1']);
  expect(askedOf(askedAnew({ ownerId: 'nurse-2', ownerRound: 2 }))).toEqual(['nurse-1']);
});

test('an owner who has gone home since is left alone; whoever is on call now is asked', () => {
  const turns = aRoster({
    rotations: [aRotation({ order: ['nurse-2', 'nurse-1'], startsOn: '2026-11-23' }), ...rotations.slice(1)],
  });
  // 03:01 is the night of nurse-1; 07:20 is the day of nurse-2.
  expect(askedOf(askedAnew({ ownerId: 'nurse-1' }), minute(20), turns)).toEqual(['nurse-1']);
  expect(askedOf(askedAnew({ ownerId: 'nurse-1' }), minute(260), turns)).toEqual(['nurse-2']);
});

test('the owner of another ward, from which the patient came, is asked until gone home from there', () => {
  const clinicians = aRoster().clinicians.map((clinician) =>
    clinician.id === 'nurse-2' ? { ...clinician, wards: ['ward-002'] } : clinician,
  );
  const wards = [
    { id: 'ward-001', name: 'Heron' },
    { id: 'ward-002', name: 'Kingfisher' },
  ];
  const onlyByNight = { ward: 'ward-002', order: ['nurse-1', 'nurse-2'], startsOn: '2026-11-23' };
  const roster = aRoster({ clinicians, wards, rotations: [...rotations, aRotation(onlyByNight)] });
  const alert = askedAnew({ ownerId: 'nurse-2', told: [{ ...anAlert(), ward: 'ward-002' }] });
  expect(askedOf(alert, minute(20), roster)).toEqual(['nurse-2', 'nurse-1']);
  expect(askedOf(alert, minute(260), roster)).toEqual(['nurse-1']);
});

test('an owner who has left the roster is asked nothing', () => {
  expect(askedOf(askedAnew({ ownerId: 'somebody' }))).toEqual(['nurse-1']);
});
