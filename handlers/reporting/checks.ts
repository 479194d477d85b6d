/** The proof of a night: the rows of sql/reconciliation.sql, and what it means when one of them does not come out even. */
import { z } from 'zod';
import { count } from './columns.ts';
import { Malformed, wellFormed } from './malformed.ts';

/** Made by folding what sql/histories.sql gives, since no query can fold. */
export const FOLD = 'alertsFolded';

/** Every check that has to be made, in the query's order: what it says when it holds, and the gap when it does not. */
const words = {
  readingsInArchive: {
    holds: 'readings are in the archive',
    gap: 'the archive holds no reading of this night',
  },
  openAlertsListed: { holds: 'the open alerts were listed', gap: 'the list of the open alerts is missing' },
  alarmingReadingsTaken: {
    holds: 'every alarming reading has an alert, a join or a supersession',
    gap: 'alarming readings that nobody was alerted to',
  },
  alarmingReadingsTakenOnce: {
    holds: 'no alarming reading was taken twice',
    gap: 'alarming readings that were taken twice',
  },
  takenReadingsInArchive: {
    holds: 'every reading that was taken is in the archive',
    gap: 'readings with an alert that the archive lacks',
  },
  oneOpenAlertPerPatient: {
    holds: 'no patient had two alerts open at once',
    gap: 'alerts opened while the patient had another one open',
  },
  alertsRaisedOnce: { holds: 'no alert was raised twice', gap: 'alerts that were raised twice' },
  raisingsKnown: { holds: 'the raising of every alert is known', gap: 'alerts whose beginning is missing' },
  needsPaged: {
    holds: 'every need for an answer has a page',
    gap: 'needs for an answer that nobody was mailed about',
  },
  pagesHaveOutcome: { holds: 'every page has an outcome', gap: 'pages that nothing came of' },
  eventNumbersComplete: { holds: 'no event number is missing', gap: 'patients of whom events are missing' },
  openInTableOpenByEvents: {
    holds: 'what the table has open, the events leave open',
    gap: 'alerts that are open, but not by their events',
  },
  openByEventsOpenInTable: {
    holds: 'what the events leave open, the table has open',
    gap: 'alerts that are open by their events, but not in fact',
  },
  openAlertsNotOverdue: { holds: 'no open alert is overdue', gap: 'open alerts whose next step is overdue' },
  alertsReadable: {
    holds: 'every alert could be read',
    gap: 'alerts that could not be read, and were raised again or will be',
  },
  severitiesAsJudged: {
    holds: 'stored severities are what values and limits say',
    gap: 'readings whose severity is not what their values and limits say',
  },
  [FOLD]: {
    holds: 'every alert is the fold of its events',
    gap: 'alerts that are not what their events make them',
  },
} as const;
export type CheckName = keyof typeof words;
/** Those that the query makes. */
const checkNames = (Object.keys(words) as CheckName[]).filter((name) => name !== FOLD);

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
    if (!row) throw new Malformed(`The reconciliation did not check whether ${words[name].holds}`);
    const { check_name: _name, ...figures } = row;
    return { name, ...figures };
  });
}

/** True when all that was looked at was in order. */
export function isClean({ expected, found, missing }: Check): boolean {
  return found === expected && missing === 0;
}

/** What the check shows when it holds, for people. */
export function checkInWords({ name }: Check): string {
  return words[name].holds;
}

/** The gap in plain words and how many; no ids, since it is mailed. */
export function gapInWords({ name, missing }: Check): string {
  return `${words[name].gap}: ${missing}`;
}
