import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stageNames } from '../../../infra/config.ts';
import { resources } from '../template.ts';

/** Within how many days the runbook lets a nightly report be redriven. */
const redriveDays = Number(
  /then \*Redrive\* the execution, within (\d+) days/.exec(readFileSync('infra/runbook.md', 'utf8'))?.[1],
);

test.each(stageNames)('%s keeps what a report asked longer than it may be redriven', (stage) => {
  // Step Functions lets nobody redrive later. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
  expect(redriveDays).toBe(14);
  const rules = resources('AWS::S3::Bucket', stage).flatMap(
    ([, { LifecycleConfiguration }]) => LifecycleConfiguration?.Rules ?? [],
  );
  const results = rules.find(({ Prefix }) => Prefix === 'athena/');
  // A query is answered up to six hours before its execution fails, and read up to six hours after the redrive.
  expect(results.ExpirationInDays).toBeGreaterThan(redriveDays);
});

test('nothing else that a redriven report reads expires', () => {
  const prefixes = resources('AWS::S3::Bucket').flatMap(([, { LifecycleConfiguration }]) =>
    (LifecycleConfiguration?.Rules ?? []).map(({ Prefix }: { Prefix?: string }) => Prefix),
  );
  // That without a prefix is the bucket of access logs.
  expect(prefixes).toEqual([undefined, 'athena/']);
});
