import { expect, test } from 'vitest';
import { NightSummary, ReplaySummary } from '../../../../infra/local/replay/summary.ts';
import { problemsOf } from '../../../../infra/local/replay/verdict.ts';
import { aSummary } from '../../../handlers/reporting/builders.ts';

test('a replay knows every field of the summary that the nightly report stores, in its order', () => {
  const summary = aSummary();
  expect(Object.keys(NightSummary.shape)).toEqual(Object.keys(summary));
  expect(NightSummary.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
});

test('a summary that lacks a field, or counts below nothing, is none', () => {
  const { lost, ...rest } = aSummary();
  expect(() => NightSummary.parse(rest)).toThrow(/lost/);
  expect(() => NightSummary.parse({ ...rest, lost: lost - 1 })).toThrow(/lost/);
});

test('a replay in which a mail subscription was suspended, or somebody waited too long, proved nothing', () => {
  const run = {
    virtualHours: 1,
    wallSeconds: 1,
    notArchived: 0,
    reportsFailed: 0,
    subscriptionsSuspended: 0,
    perPatientDay: null,
    mailsPerAlert: null,
  };
  const summary = ReplaySummary.parse({
    ...aSummary(),
    ...run,
    ...{ lost: 0, duplicated: 0, reconciled: true, gaps: [], secondsToPersonOrAlarm: { max: 60 } },
    secondsToPersonOrAlarmEmergency: { max: 60 },
  });
  expect(problemsOf(summary)).toEqual([]);
  expect(problemsOf({ ...summary, subscriptionsSuspended: 2 })).toEqual(['2 mail subscriptions suspended']);
  const atTheBound = { secondsToPersonOrAlarm: { max: 900 }, secondsToPersonOrAlarmEmergency: { max: 300 } };
  expect(problemsOf({ ...summary, ...atTheBound })).toEqual([]);
  expect(problemsOf({ ...summary, secondsToPersonOrAlarmEmergency: { max: 300.5 } })).toEqual([
    'an emergency: 300.5 s until a person or an alarm',
  ]);
  expect(problemsOf({ ...summary, secondsToPersonOrAlarm: { max: 901 } })).toEqual([
    'an alert: 901 s until a person or an alarm',
  ]);
});
