import { expect, test } from 'vitest';
import { NightSummary } from '../../../../infra/local/replay/summary.ts';
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
