import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHospital } from '../../handlers/on-call/parse-roster.ts';
import { pricePerMonth } from '../../infra/bench/list-prices.ts';
import { countReadingCosts } from '../../infra/bench/reading-costs.ts';
import { timeRulePath } from '../../infra/bench/rule-path.ts';

const sample = 'test/data/physionet2012_sample60.csv';
const hospital = () => parseHospital(readFileSync('infra/hospital/hospital.json', 'utf8'), 'hospital.json');

test('every way goes through the thousand records', async () => {
  const { records, microsecondsPerRecord, ratioToLimit, ratioToPowertools } = await timeRulePath(
    sample,
    undefined,
    3,
  );
  expect(records).toBe(1000);
  for (const figure of [...Object.values(microsecondsPerRecord), ratioToLimit, ratioToPowertools])
    expect(figure).toBeGreaterThan(0);
});

test('a normal reading costs one conditional write, and each few minutes that its device and ward were heard; a critical one far more', async () => {
  const { normal, critical } = await countReadingCosts(hospital());
  expect(normal.dynamoDbWrites).toBeGreaterThanOrEqual(1);
  expect(normal.dynamoDbWrites).toBeLessThan(1.7);
  expect(critical.dynamoDbWrites).toBeGreaterThan(5);
  expect(critical.lambdaInvocations).toBeGreaterThan(normal.lambdaInvocations);
});

test('prices: a thousand readings a minute of one kilobyte, one write unit and a tenth of a millisecond each', () => {
  const reading = { dynamoDbReads: 0, dynamoDbWrites: 1, dynamoDbWrittenBytes: 900, dynamoDbReadUnits: 0 };
  const price = pricePerMonth(
    { ...reading, dynamoDbWriteUnits: 1, lambdaInvocations: 0.02, lambdaMs: 0.1, kinesisBytes: 1024 },
    { readingsAMinute: 1000 },
  );
  // 43.8 million readings: 41.8 GB in whole kilobytes, 208.9 in whole five; 876,000 invocations of 2,190 GB-seconds.
  expect(price).toEqual({ kinesis: 7.52, dynamoDb: 27.38, lambda: 0.2, firehose: 9.82, total: 44.91 });
});
