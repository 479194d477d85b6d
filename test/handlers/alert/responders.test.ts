import { expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import { type AlertChanges, anAlert, aPagedAlert, bed4, minute } from './builders.ts';

/** 03:00 in London: the night's nurse has been on call since 19:00, and goes at 07:00. */
const rotations = [
  aRotation({ order: ['nurse-1'] }),
  aRotation({ role: 'doctor', order: ['doctor-1'] }),
  aRotation({ role: 'lead', order: ['lead-1'] }),
];
const askedOf = (alert: Alert, now = minute(20), roster = aRoster({ rotations })) =>
  respondersOf(roster, alert, now).map(({ id }) => id);

/** A new round on the owner's own level: whoever accepted the one before. */
const askedAnew = (clinicianId: string, changes: AlertChanges = {}) =>
  aPagedAlert({ round: { number: 2, asking: 'worse' }, owner: { clinicianId, round: 1 }, ...changes });

test('who is on call on the level, and everyone on the last', () => {
  expect(askedOf(anAlert())).toEqual(['nurse-1']);
  expect(askedOf(anAlert({ worst: 'emergency' }))).toEqual(['nurse-1', 'doctor-1']);
  expect(askedOf(anAlert({ step: { escalationLevel: 'everyone' } }))).toEqual([
    'nurse-1',
    'nurse-2',
    'doctor-1',
    'lead-1',
  ]);
});

test('asked anew, the owner hears of it first, though another one is on call', () => {
  expect(askedOf(askedAnew('nurse-2'))).toEqual(['nurse-2', 'nurse-1']);
  expect(askedOf(askedAnew('nurse-1'))).toEqual(['nurse-1']);
  expect(askedOf(askedAnew('nurse-2', { worst: 'emergency' }))).toEqual(['nurse-2', 'nurse-1', 'doctor-1']);
});

test('on another level the owner is not asked, nor once somebody has the new round', () => {
  expect(askedOf(askedAnew('nurse-2', { step: { escalationLevel: 'doctor' } }))).toEqual(['doctor-1']);
  const owned = askedAnew('nurse-2', {
    owner: { clinicianId: 'nurse-2', round: 2 },
    standing: { is: 'owned' },
  });
  expect(askedOf(owned)).toEqual(['nurse-1']);
});

test('whom the owner hands it over to is asked alone, on call or not; then the level as ever', () => {
  const named = { number: 2, asking: 'handedOver' as const, handedTo: 'nurse-2' };
  expect(askedOf(askedAnew('nurse-1', { round: named }))).toEqual(['nurse-2']);
  expect(askedOf(askedAnew('nurse-1', { round: { ...named, handedTo: 'gone' } }))).toEqual([]);
  expect(askedOf(askedAnew('nurse-1', { round: { ...named, handedTo: null } }))).toEqual(['nurse-1']);
});

test('an owner who has gone home since is left alone; whoever is on call now is asked', () => {
  const turns = aRoster({
    rotations: [aRotation({ order: ['nurse-2', 'nurse-1'], startsOn: '2026-11-23' }), ...rotations.slice(1)],
  });
  // 03:01 is the night of nurse-1; 07:20 is the day of nurse-2.
  expect(askedOf(askedAnew('nurse-1'), minute(20), turns)).toEqual(['nurse-1']);
  expect(askedOf(askedAnew('nurse-1'), minute(260), turns)).toEqual(['nurse-2']);
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
  const alert = askedAnew('nurse-2', { told: [{ ...bed4, ward: 'ward-002' }] });
  expect(askedOf(alert, minute(20), roster)).toEqual(['nurse-2', 'nurse-1']);
  expect(askedOf(alert, minute(260), roster)).toEqual(['nurse-1']);
});

test('an owner who has left the roster is asked nothing', () => {
  expect(askedOf(askedAnew('somebody'))).toEqual(['nurse-1']);
});

test('the nurse of the bed is asked in place of the ward’s, and everyone besides on the last level', () => {
  const assigned = {
    ward: 'ward-001',
    clinicianId: 'nurse-2',
    from: '2026-11-23T19:00',
    to: '2026-11-24T07:00',
  };
  const roster = aRoster({ rotations, bedAssignments: [{ ...assigned, beds: ['4'] }] });
  expect(askedOf(anAlert(), minute(20), roster)).toEqual(['nurse-2']);
  expect(askedOf(anAlert({ worst: 'emergency' }), minute(20), roster)).toEqual(['nurse-2', 'doctor-1']);
  expect(askedOf(anAlert({ place: { ...bed4, bed: '5' } }), minute(20), roster)).toEqual(['nurse-1']);
  expect(askedOf(anAlert({ step: { escalationLevel: 'everyone' } }), minute(20), roster)).toHaveLength(4);
});

test('the owner whose beds these were goes home at the end of the assignment', () => {
  const assigned = {
    ward: 'ward-001',
    clinicianId: 'nurse-2',
    from: '2026-11-23T19:00',
    to: '2026-11-24T07:00',
  };
  // Accepted for another bed than where the patient lies by now.
  const roster = aRoster({ rotations, bedAssignments: [{ ...assigned, beds: ['9'] }] });
  expect(askedOf(askedAnew('nurse-2'), minute(20), roster)).toEqual(['nurse-2', 'nurse-1']);
  expect(askedOf(askedAnew('nurse-2'), minute(260), roster)).toEqual(['nurse-1']);
});
