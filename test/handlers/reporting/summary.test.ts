import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checksOf, gapInWords, isClean } from '../../../handlers/reporting/checks.ts';
import { summarize } from '../../../handlers/reporting/summary.ts';
import { allHeard, aSummary, aSummaryRow, checkNames, checkRows, theChecks } from './builders.ts';

test('the summary has the fields of the replay contract', () => {
  expect(Object.keys(aSummary())).toEqual(
    'readings archived quarantined suspect warning critical emergency alertsOpened readingsJoined superseded technicalAlerts technicalOpenAtEnd pagesSent recheckPages pagesFailed accepted declined escalatedToDoctor unanswered openAtEnd supersededWorst fromUnknownDevices clocksOff silentWards batchesGivenUp lost duplicated secondsToFirstPage secondsToAcceptance secondsToPersonOrAlarm secondsToPersonOrAlarmEmergency reconciled gaps'.split(
      ' ',
    ),
  );
  expect(aSummary()).toMatchObject({
    archived: 1865,
    lost: 0,
    duplicated: 0,
    secondsToFirstPage: { p50: 0.581, p99: 1.114, max: 1.456 },
    reconciled: true,
    gaps: [],
  });
});

test('nothing measured is null, and a double may come as Java writes it', () => {
  const row = { seconds_to_acceptance_p50: null, seconds_to_first_page_max: '1.2E-4' };
  expect(aSummary(row)).toMatchObject({
    secondsToAcceptance: { p50: null },
    secondsToFirstPage: { max: 0.00012 },
  });
});

test('a wait that two clocks make negative is none, and stops no report', () => {
  const row = { seconds_to_first_page_p50: '-0.212', seconds_to_first_page_max: '-1.2E-4' };
  expect(aSummary(row).secondsToFirstPage).toMatchObject({ p50: 0, max: 0 });
});

test.each([
  ['alarmingReadingsTaken', { lost: 2, duplicated: 0 }],
  ['alarmingReadingsTakenOnce', { lost: 0, duplicated: 2 }],
  ['oneOpenAlertPerPatient', { lost: 0, duplicated: 2 }],
  ['alertsRaisedOnce', { lost: 0, duplicated: 2 }],
  ['eventNumbersComplete', { lost: 0, duplicated: 0 }],
])('a gap in "%s" is counted, and nothing is reconciled', (name, counts) => {
  expect(aSummary({}, { [name]: 2 })).toMatchObject({ ...counts, reconciled: false });
});

test('each check alone can turn the night red, and says so in words', () => {
  for (const name of checkNames) {
    const { reconciled, gaps } = aSummary({}, { [name]: 3 });
    expect([name, reconciled, gaps.length]).toEqual([name, false, 1]);
    expect(gaps[0]).toMatch(/: 3$/);
    expect(gaps[0]).not.toContain('PATIENT#');
  }
});

test('the checks are those of the query, in its order', () => {
  const sql = readFileSync('sql/reconciliation.sql', 'utf8');
  const inSql = [...sql.matchAll(/^ {8}\(\d+, '([^']+)', /gm)].map(([, name]) => name);
  expect(inSql).toEqual(checkNames);
});

test('a check that was not made proves nothing: no rows, or one too few, is an error', () => {
  expect(() => checksOf([])).toThrow('did not check');
  expect(() => checksOf(checkRows().slice(1))).toThrow('did not check whether readings are in the archive');
});

test('a check that found less than it looked at is not clean, whatever it calls missing', () => {
  const [check] = theChecks();
  if (!check) throw new Error('there are checks');
  expect(isClean(check)).toBe(true);
  expect(isClean({ ...check, found: check.found - 1 })).toBe(false);
  expect(gapInWords({ ...check, missing: 1 })).toBe('the archive holds no reading of this night: 1');
});

test('what was set aside is said with the worst of it', () => {
  expect(aSummary()).toMatchObject({ superseded: 0, supersededWorst: null });
  expect(aSummary({ superseded: '2', superseded_worst: 'suspect-emergency' })).toMatchObject({
    superseded: 2,
    supersededWorst: 'suspect-emergency',
  });
  expect(() => aSummary({ superseded_worst: 'dreadful' })).toThrow();
});

test.each([
  ['no row', []],
  ['two rows', [aSummaryRow(), aSummaryRow()]],
  ['a column that is absent', [{ ...aSummaryRow(), archived: undefined }]],
  ['a column without a value', [aSummaryRow({ archived: null })]],
  ['a column that is empty', [aSummaryRow({ archived: '' })]],
  ['a column that is no number', [aSummaryRow({ seconds_to_acceptance_max: 'long' })]],
])('%s is an error', (_what, rows) => {
  expect(() => summarize(rows, [], theChecks(), allHeard)).toThrow();
});
