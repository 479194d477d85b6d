import { expect, test } from 'vitest';
import { newPage, Page } from '../../../handlers/alert/page.ts';
import { aPagedAlert, at, lead } from './builders.ts';

test('a page belongs to one round of one alert and one clinician, and outlives it by far', () => {
  const page = newPage(aPagedAlert(), 'abc', lead.id, at(0));
  expect(page).toMatchObject({
    pk: 'PAGE#abc',
    alertKey: 'PATIENT#p-7',
    round: 1,
    clinicianId: lead.id,
    wrongPins: 0,
  });
  expect(page.expiresAt * 1000).toBe(Date.parse(at(30 * 86_400)));
  expect(Page.parse(page)).toEqual(page);
});
