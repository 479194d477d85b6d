/** The proof of a night: the rows of sql/reconciliation.sql, and what it means when one of them does not come out even. */
import { z } from 'zod';
import { count } from './columns.ts';
import { Malformed, wellFormed } from './malformed.ts';

/** Made by folding what sql/histories.sql gives, since no query can fold. */
export const FOLD = 'every alert is the fold of its events';

/** Every check that has to be made, in the query's order, and the gap that it finds. */
const gapOf = {
  'readings are in the archive': 'the archive holds no reading of this night',
  'the open alerts were listed': 'the list of the open alerts is missing',
  'every alarming reading has an alert, a join or a supersession':
    'alarming readings that nobody was alerted to',
  'no alarming reading was taken twice': 'alarming readings that were taken twice',
  'every reading that was taken is in the archive': 'readings with an alert that the archive lacks',
  'no patient had two alerts open at once': 'alerts opened while the patient had another one open',
  'no alert was raised twice': 'alerts that were raised twice',
  'the raising of every alert is known': 'alerts whose beginning is missing',
  'every need for an answer has a page': 'needs for an answer that nobody was mailed about',
  'every page has an outcome': 'pages that nothing came of',
  'no event number is missing': 'patients of whom events are missing',
  'what the table has open, the events leave open': 'alerts that are open, but not by their events',
  'what the events leave open, the table has open': 'alerts that are open by their events, but not in fact',
  'no open alert is overdue': 'open alerts whose next step is overdue',
  'every alert could be read': 'alerts that could not be read, and were raised again or will be',
  'stored severities are what values and limits say':
    'readings whose severity is not what their values and limits say',
  [FOLD]: 'alerts that are not what their events make them',
} as const;
export type CheckName = keyof typeof gapOf;
/** Those that the query makes. */
const checkNames = (Object.keys(gapOf) as CheckName[]).filter((name) => name !== FOLD);

const CheckRow = z.object({
  check_name: z.enum(checkNames),
  expected: count,
  found: count,
  missing: count,
  example: z.string().nullable(),
});

/** How many a check looked at, how many of them were in order, how many were not, and the least id of those. */
export type Check = {
  name: CheckName;
  expected: number;
  found: number;
  missing: number;
  example: string | null;
};

/** Throws when a row is none of the checks, or a check has no row: silence proves nothing. */
export function checksOf(rows: readonly unknown[]): Check[] {
  const made = wellFormed(z.array(CheckRow), rows);
  return checkNames.map((name) => {
    const row = made.find(({ check_name }) => check_name === name);
    if (!row) throw new Malformed(`The reconciliation did not check whether ${name}`);
    const { check_name: _name, ...figures } = row;
    return { name, ...figures };
  });
}

/** True when all that was looked at was in order. */
export function isClean({ expected, found, missing }: Check): boolean {
  return found === expected && missing === 0;
}

/** The gap in plain words and how many; no ids, since it is mailed. */
export function gapInWords({ name, missing }: Check): string {
  return `${gapOf[name]}: ${missing}`;
}
