/** A grouping Observation and its members: each of whose measurements is whose. */
import { expect, test } from 'vitest';
import { parseRecord } from '../../../handlers/reading/parse-record.ts';
import { anObservation, bytesOf, hospital, origin } from './builders.ts';

const quantity = (value: number) => ({ value, unit: 'mmHg' });
const member = (id: string, code: string, value: number, said: object = {}) => ({
  ...{ resourceType: 'Observation', status: 'final', id, code: { coding: [{ code }] } },
  ...{ valueQuantity: quantity(value), ...said },
});
const grouping = (members: readonly { id: string }[], said: object = {}) =>
  anObservation({
    component: undefined,
    contained: members,
    hasMember: members.map(({ id }) => ({ reference: `#${id}` })),
    ...said,
  });
const readingsIn = (content: unknown) =>
  parseRecord(bytesOf(content), origin, hospital).map((item) => {
    if (!('reading' in item)) return item.reason;
    const { patientId, systolicMmHg, diastolicMmHg, quality } = item.reading;
    return [patientId, systolicMmHg, diastolicMmHg, quality];
  });
const of = (id: string) => ({ subject: { reference: `Patient/${id}` } });

test('members that name nobody, or the same, are the group’s', () => {
  const members = [member('s', '8480-6', 205), member('d', '8462-4', 124, of('p1'))];
  expect(readingsIn(grouping(members, of('p1')))).toEqual([['p1', 205, 124, 'measured']]);
});

test('what one member alone says of its device, or beside the same reference, parts nobody', () => {
  const named = { device: { reference: 'Device/bp-9' } };
  const known = { subject: { reference: 'Patient/p1', identifier: { system: 'urn:mrn', value: '4711' } } };
  const members = [member('s', '8480-6', 120, named), member('d', '8462-4', 80, known)];
  expect(readingsIn(grouping(members, { ...of('p1'), device: undefined }))).toEqual([
    ['p1', 120, 80, 'measured'],
  ]);
});

test('members of two patients are two patients’', () => {
  const members = [
    ...[member('s1', '8480-6', 205, of('a1')), member('d1', '8462-4', 124, of('a1'))],
    ...[member('s2', '8480-6', 60, of('b1')), member('d2', '8462-4', 30, of('b1'))],
  ];
  const expected = [
    ['a1', 205, 124, 'measured'],
    ['b1', 60, 30, 'measured'],
  ];
  expect(readingsIn(grouping(members, { subject: undefined }))).toEqual(expected);
  expect(readingsIn(grouping(members, of('c1')))).toEqual(expected);
});

test('a member that is withdrawn counts for none of the group’s', () => {
  const withdrawn = { status: 'entered-in-error' };
  const all = [member('s', '8480-6', 205, withdrawn), member('d', '8462-4', 124, withdrawn)];
  expect(readingsIn(grouping(all, of('p1')))).toEqual([['p1', 205, 124, 'withdrawn']]);
  const [s, d] = [member('s', '8480-6', 118), member('d', '8462-4', 76)];
  expect(readingsIn(grouping([...all.map((one) => ({ ...one, id: `x${one.id}` })), s, d], of('p1')))).toEqual(
    [
      ['p1', 118, 76, 'measured'],
      ['p1', 205, 124, 'withdrawn'],
    ],
  );
});

test('what modifies a member may turn it round', () => {
  const modified = { modifierExtension: [{ url: 'https://example.org/x' }] };
  const members = (systolic: number) => [
    member('s', '8480-6', systolic, modified),
    member('d', '8462-4', 76),
  ];
  expect(readingsIn(grouping(members(205), of('p1')))).toEqual([['p1', 205, 76, 'questionable']]);
  expect(readingsIn(grouping(members(118), of('p1')))).toEqual([
    expect.stringContaining('modifierExtension'),
  ]);
});

test('a group without a time was measured when its members were', () => {
  const at = { effectiveDateTime: '2026-11-24T10:00:00Z' };
  const members = [member('s', '8480-6', 118, at), member('d', '8462-4', 76, at)];
  const [item] = parseRecord(bytesOf(grouping(members, { effectiveDateTime: undefined })), origin, hospital);
  expect(item).toMatchObject({ reading: { measuredAt: '2026-11-24T10:00:00.000Z', quality: 'measured' } });
});

test.each(['ENTERED-IN-ERROR', 'entered_in_error', ' entered-in-error '])(
  'the status %j withdraws',
  (status) => {
    expect(readingsIn(anObservation({ status }))[0]).toContain('withdrawn');
  },
);
