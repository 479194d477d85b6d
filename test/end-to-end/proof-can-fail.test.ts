import { copyFileSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { operator } from '../../infra/local/account/account.ts';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import type { Operation, Payload } from '../../infra/local/engine/service.ts';
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { nightlySummary, type ReplayOptions, replay } from '../../infra/local/replay/replay.ts';
import type { DynamoDbService } from '../../infra/local/services/dynamodb/service.ts';
import type { FirehoseService } from '../../infra/local/services/firehose/service.ts';

const startAt = '2026-03-02T00:00:00.000Z';
/** A few patients of the sample with alarming readings, six hours: enough for some dozen objects of events. */
const readings = readRecordedReadings('test/data/physionet2012_sample60.csv')
  .filter((reading) => reading.minute < 360)
  .filter((reading) => Number(reading.recordId) % 4 === 0);
const options: ReplayOptions = { readings, policy: 'adult', seed: 5, startAt };

/** Ways to make a critical reading of the archive look harmless: what is to be read instead of the row. */
const falsifications = {
  'its severity and what it reads as': `* REPLACE (if(severity = 'critical', 'warning', severity) AS severity, if(severity = 'critical', 'warning', reads_as) AS reads_as)`,
  'its severity alone': `* REPLACE (if(severity = 'critical', 'normal', severity) AS severity)`,
  'its values': `* REPLACE (if(severity = 'critical', 120, systolic) AS systolic, if(severity = 'critical', 70, diastolic) AS diastolic)`,
};

async function query(sql: string) {
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  return rows;
}

/** An object of the archive's readings that has such a row. */
async function archiveOf(vigil: Vigil, which: string): Promise<string> {
  for (const file of objectsOf(vigil, 'readings'))
    if ((await query(`SELECT 1 FROM read_parquet('${file}') WHERE ${which} LIMIT 1`)).length > 0) return file;
  throw new Error(`No reading where ${which}`);
}

async function rewrite(file: string, columns: string): Promise<void> {
  await query(`COPY (SELECT ${columns} FROM read_parquet('${file}')) TO '${file}.new' (FORMAT parquet)`);
  renameSync(`${file}.new`, file);
}

type Verdict = { reconciled: boolean; lost: number; duplicated: number; archived: number };
const verdictOf = async (vigil: Vigil) =>
  (await nightlySummary(vigil, startAt, new Date(vigil.clock.now()).toISOString())) as Verdict;

const objectsOf = (vigil: Vigil, table: string) =>
  globSync(join(vigil.directory, 's3', vigil.outputs.ArchiveBucket as string, table, '*/*.parquet')).sort();

const seen: Record<string, Verdict | Verdict[]> = {};

beforeAll(async () => {
  await replay(options, async (vigil) => {
    await vigil.clock.run(vigil.clock.now() + 300_000);
    seen.whole = await verdictOf(vigil);
    const without = async (file: string) => {
      renameSync(file, join(vigil.directory, 'away'));
      const verdict = await verdictOf(vigil);
      renameSync(join(vigil.directory, 'away'), file);
      return verdict;
    };
    const verdicts: Verdict[] = [];
    for (const file of objectsOf(vigil, 'events')) verdicts.push(await without(file));
    seen.withoutEach = verdicts;

    const [first] = objectsOf(vigil, 'events') as [string];
    const again = first.replace('.parquet', '-again.parquet');
    copyFileSync(first, again);
    seen.deliveredTwice = await verdictOf(vigil);
    rmSync(again);

    const file = await archiveOf(vigil, "severity = 'critical'");
    for (const [name, change] of Object.entries(falsifications)) {
      const honest = readFileSync(file);
      await rewrite(file, change);
      seen[name] = await verdictOf(vigil);
      writeFileSync(file, honest);
    }
    seen.restored = await verdictOf(vigil);
  });
}, 300_000);

test('the night is proved when nothing is missing, also when Firehose delivered an object twice', () => {
  expect(seen.whole).toMatchObject({ reconciled: true, lost: 0, duplicated: 0, archived: readings.length });
  expect(seen.deliveredTwice).toMatchObject({ reconciled: true, lost: 0, duplicated: 0 });
});

test('each single object of events that is missing turns the verdict red', () => {
  const verdicts = seen.withoutEach as Verdict[];
  expect(verdicts.length).toBeGreaterThan(15);
  expect(verdicts.filter((verdict) => verdict.reconciled)).toEqual([]);
});

test.each(Object.keys(falsifications))(
  'a critical reading whose archive is falsified, %s, is found out',
  (what) => {
    expect(seen[what]).toMatchObject({ reconciled: false });
    expect(seen.restored).toMatchObject({ reconciled: true });
  },
);

test('with Firehose stopped nothing is archived, and nothing is proved', async () => {
  const { summary } = await replay({
    ...options,
    readings: readings.filter((reading) => reading.minute < 60),
    prepare: (vigil) => vigil.service<FirehoseService>('firehose').stop('vigil-production-readings'),
  });
  expect(summary).toMatchObject({ archived: 0, reconciled: false });
});

/** Puts something between the handlers and an operation of the table: the kind of fault that no handler can see. */
function meddle(
  vigil: Vigil,
  operation: string,
  run: (input: Payload, real: (input: Payload) => unknown) => unknown,
) {
  const model = vigil.service<DynamoDbService>('dynamodb').operations[operation] as Operation;
  const real = model.run;
  model.run = (input, caller) => run(input, (given) => real(given, caller));
}

test('a claim that is dropped is a lost reading', async () => {
  let dropped = 0;
  const { summary } = await replay({
    ...options,
    prepare: (vigil) =>
      meddle(vigil, 'PutItem', (input, real) =>
        input.Item.kind?.S === 'claim' && dropped++ === 0 ? {} : real(input),
      ),
  });
  expect(dropped).toBeGreaterThan(0);
  expect(summary).toMatchObject({ lost: 1, reconciled: false });
});

test('an alert that is opened twice is a duplicate', async () => {
  let openedTwice = false;
  const { summary } = await replay({
    ...options,
    prepare: (vigil) =>
      meddle(vigil, 'TransactWriteItems', async (input, real) => {
        const result = await real(input);
        const put = input.TransactItems[0].Put;
        if (openedTwice || put.Item.events.L.at(-1).M.type.S !== 'raised') return result;
        openedTwice = true;
        const again = structuredClone(put.Item);
        const seq = { N: String(Number(again.seq.N) + 1) };
        again.alertId.S = '0'.repeat(16);
        again.seq = seq;
        again.events.L.at(-1).M.seq = seq;
        const { operations } = vigil.service<DynamoDbService>('dynamodb');
        operations.PutItem?.run({ TableName: put.TableName, Item: again }, operator);
        return result;
      }),
  });
  expect(openedTwice).toBe(true);
  expect(summary.duplicated).toBeGreaterThan(0);
  expect(summary.reconciled).toBe(false);
});
