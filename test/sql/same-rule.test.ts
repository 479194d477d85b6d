import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The rule as the file has it: a query stands alone, so two of them spell it out. */
const contradictedIn = (name: string) => {
  const sql = readFileSync(new URL(`../../sql/${name}.sql`, import.meta.url), 'utf8');
  return /^ {2}contradicted AS \(\n.*?^ {2}\),$/ms.exec(sql)?.[0];
};

test('the count of wrong clocks and the list of them call the same times impossible', () => {
  expect(contradictedIn('summary')).toContain('heard.device_id = r.device_id');
  expect(contradictedIn('attention')).toBe(contradictedIn('summary'));
});
