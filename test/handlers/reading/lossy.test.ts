/** What was lost on the way may have been any of several: ids that were rounded, and numbers that are codes. */
import { expect, test } from 'vitest';
import { patientIdOf } from '../../../handlers/reading/named-id.ts';
import { isErrorCode } from '../../../handlers/reading/pressure-value.ts';

test.each(['1.23457E+12', '1,23E+5', '1E+12', 'M?ller', 'Sm??th'])('%s is nobody’s id', (id) => {
  expect(patientIdOf(id)).toBeNull();
});

test.each(['e12', '12e45', '4e7', 'p-1', '1e', '4711', 'study1e5x', 'why?'])('%s is one', (id) => {
  expect(patientIdOf(id)).toBe(id);
});

test.each([
  [255, 255],
  [253, 253],
  [254, 254],
  [255, 254],
  [99.9, 99.9],
  [25.5, 25.5],
  [999, 999],
])('%d/%d is an error code', (systolic, diastolic) => expect(isErrorCode(systolic, diastolic)).toBe(true));

test.each([
  [255, 124],
  [254, 130],
  [99, 99],
  [100, 100],
  [0, 0],
])('%d/%d is none', (systolic, diastolic) => expect(isErrorCode(systolic, diastolic)).toBe(false));
