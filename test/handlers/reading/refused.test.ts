/** What Vigil understands and still does not judge: a record without any pressure. */
import { describe, expect, test } from 'vitest';
import { anObservation, bytesOf, component, only, onTheWire, quantity } from './builders.ts';

describe('without any pressure a record is refused', () => {
  const { systolic: _systolic, diastolic: _diastolic, ...bare } = onTheWire();

  test.each([
    ['under names of nobody', { ...bare, p1: 205, p2: 124 }],
    ['as words', { ...bare, bp: 'high' }],
    ['nested under names of nobody', { ...bare, bp: { p1: 205, p2: 124 } }],
    ['absent', bare],
    ['null', { ...bare, systolic: null, diastolic: null, meanArterial: null }],
    ['negative, as an error code', { ...bare, systolic: -1, diastolic: -1 }],
    ['negative or absent', { ...bare, diastolic: -1 }],
    ['a mean that is no number', { ...bare, meanArterial: 'low' }],
    ['a negative mean', { ...bare, meanArterial: -1 }],
    ['of the legacy shape', { id: 'bp-1', p1: 205 }],
    ['of the legacy shape, negative', { id: 'bp-1', systolic: -1, diastolic: -1 }],
    ['a demonstration of nothing', { ...bare, quality: 'demo' }],
    ['FHIR, in codes of nobody', anObservation({ component: [component('p1', 205)] })],
    [
      'FHIR, without values',
      anObservation({ component: [{ ...component('8480-6', 0), valueQuantity: undefined }] }),
    ],
    [
      'FHIR, in its members',
      anObservation({ component: undefined, hasMember: [{ reference: 'Observation/1' }] }),
    ],
  ])('pressures %s', (_how, content) => {
    expect(only(content)).toEqual({
      index: 0,
      refused: true,
      technical: 'unreadable',
      deviceId: 'bp-1',
      reason: 'no pressure: each is absent or negative',
      bytes: bytesOf(content),
    });
  });

  test.each([
    ['a zero', { systolic: 0 }],
    ['a mean of shock alone', { meanArterial: 45 }],
    ['a mean of pressures that are said to be none', { systolic: null, diastolic: null, meanArterial: 88 }],
    ['one of two that alarms', { diastolic: 124 }],
    ['one of two where the other is said to be none', { systolic: null, diastolic: 78 }],
    ['one beside an error code', { systolic: -1, diastolic: 78 }],
  ])('%s is one', (_what, said) => {
    expect(only({ ...bare, ...said })).toHaveProperty('reading');
  });

  test('what cannot be read at all is not refused, but unreadable', () => {
    expect(only('neither')).toMatchObject({ refused: false });
  });
});

/** The pressure that would have alarmed may stand under the name that was not understood. */
describe('a pressure that was not found, beside what does not alarm, is no reading', () => {
  const { systolic: _systolic, diastolic: _diastolic, ...bare } = onTheWire();
  const systolic = 'systolic: not found as a number, and what is there does not alarm';
  const diastolic = 'diastolic: not found as a number, and what is there does not alarm';
  const onlyMean = 'no pressure but a mean, which does not alarm';
  const text = (code: string, valueString: string) => ({ code: { coding: [{ code }] }, valueString });
  const absent = (code: string, said: object = {}) => ({
    code: { coding: [{ code }] },
    dataAbsentReason: { coding: [{ code: 'error' }] },
    ...said,
  });

  test.each([
    ['unknown names beside a mean', { ...bare, p1: 232, p2: 133, meanArterial: 166 }, onlyMean],
    ['a mean beside error codes', { ...bare, systolic: -1, diastolic: -1, meanArterial: 65 }, onlyMean],
    ['one of an unknown name', { ...bare, p1: 62, diastolic: 40 }, systolic],
    ['the other of an unknown name', { ...bare, systolic: 150, p2: 133 }, diastolic],
    ['a demonstration', { ...bare, systolic: 232, p2: 133, quality: 'demo' }, diastolic],
    ['the legacy shape', { id: 'bp-1', p1: 232, diastolic: 95 }, systolic],
    [
      'FHIR, one of an unknown code',
      anObservation({ component: [component('p1', 232), component('8462-4', 95)] }),
      systolic,
    ],
    [
      'FHIR, one as words',
      anObservation({ component: [text('8480-6', 'high'), component('8462-4', 95)] }),
      systolic,
    ],
    [
      'FHIR, one without its number',
      anObservation({
        component: [
          component('8480-6', 150),
          { ...component('8462-4', 0), valueQuantity: { code: 'mm[Hg]' } },
        ],
      }),
      diastolic,
    ],
    [
      'FHIR, less than a number that does not alarm',
      anObservation({
        component: [
          { ...component('8480-6', 0), valueQuantity: { ...quantity(150), comparator: '<' } },
          component('8462-4', 60),
        ],
      }),
      systolic,
    ],
    [
      'FHIR, one that is called absent and is there as words',
      anObservation({ component: [absent('8480-6', { valueString: 'very high' }), component('8462-4', 95)] }),
      systolic,
    ],
  ])('%s', (_how, content, reason) => {
    expect(only(content)).toEqual({
      index: 0,
      refused: true,
      technical: 'unreadable',
      deviceId: 'bp-1',
      reason,
      bytes: bytesOf(content),
    });
  });

  test.each([
    ['what is there alarms', { ...bare, p1: 150, diastolic: 125 }, 'suspect-critical'],
    ['an emergency', { ...bare, systolic: 232, p2: 95 }, 'suspect-emergency'],
    ['absent with a reason', anObservation({ component: [absent('8480-6'), component('8462-4', 95)] }), null],
  ])('but %s: it is judged', (_how, content, level) => {
    expect(only(content)).toMatchObject({ reading: {}, judgement: { severity: 'suspect', level } });
  });
});
