/** Athena's documented behaviours; each group cites its page. The tables are the archive's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Archive } from '../../../sql/archive.ts';
import { Night, reportAt } from '../../../sql/night.ts';
import { operator } from '../fake-account.ts';

let archive: Archive;
beforeEach(() => {
  archive = new Archive();
});

const call = (operation: string, input: object) =>
  archive.account.done(archive.account.call(operator, 'athena', operation, input));

async function start(query: string): Promise<string> {
  const { QueryExecutionId } = await call('StartQueryExecution', {
    QueryString: query,
    WorkGroup: 'vigil',
    QueryExecutionContext: { Database: 'vigil' },
  });
  return QueryExecutionId;
}

const statusOf = async (QueryExecutionId: string) =>
  (await call('GetQueryExecution', { QueryExecutionId })).QueryExecution.Status;

async function finished(query: string): Promise<string> {
  const id = await start(query);
  await archive.account.clock.run(archive.account.clock.now() + 10_000);
  return id;
}

type Data = { Data: { VarCharValue?: string }[] }[];
const valuesOf = (rows: Data) => rows.map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue));

async function rowsOf(QueryExecutionId: string) {
  return valuesOf((await call('GetQueryResults', { QueryExecutionId })).ResultSet.Rows);
}

describe('a query (API_QueryExecutionStatus)', () => {
  test('is queued, runs, and succeeds; the call answers at once', async () => {
    const { clock } = archive.account;
    const id = await start('SELECT count(*) AS n FROM readings');
    const states = [(await statusOf(id)).State];
    for (let second = 0; second < 8; second++) {
      await clock.run(clock.now() + 500);
      states.push((await statusOf(id)).State);
    }
    expect([...new Set(states)]).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED']);
    expect(await rowsOf(id)).toEqual([['n'], ['0']]);
  });

  test('that is wrong fails with a reason, and has no results', async () => {
    const id = await finished('SELECT no_such_column FROM readings');
    expect(await statusOf(id)).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining('no_such_column'),
    });
    await expect(call('GetQueryResults', { QueryExecutionId: id })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  test('has no results before it has finished', async () => {
    await expect(
      call('GetQueryResults', { QueryExecutionId: await start('SELECT 1 AS one') }),
    ).rejects.toThrow('QUEUED');
  });
});

describe('a query string (API_StartQueryExecution)', () => {
  test('is one statement, and its comments say nothing', async () => {
    const sql = "-- what of events?\nSELECT /* the first */ 7 AS number, 'it''s -- so' AS name";
    expect(await rowsOf(await finished(sql))).toEqual([
      ['number', 'name'],
      ['7', "it's -- so"],
    ]);
    expect(await statusOf(await finished('SELECT 1; SELECT 2'))).toMatchObject({ State: 'FAILED' });
  });

  test('has 262,144 bytes at most', async () => {
    const long = (bytes: number) => `SELECT 1 AS one --${'x'.repeat(bytes - 18)}`;
    expect(await rowsOf(await finished(long(262_144)))).toEqual([['one'], ['1']]);
    await expect(start(long(262_145))).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('is all that is modelled: another workgroup, id or option is refused by name', async () => {
    const ask = (input: object) =>
      call('StartQueryExecution', { WorkGroup: 'vigil', QueryString: 'SELECT 1', ...input });
    await expect(ask({ WorkGroup: 'other' })).rejects.toThrow('other');
    await expect(call('GetQueryExecution', { QueryExecutionId: 'none' })).rejects.toThrow('none');
    await expect(call('StopQueryExecution', {})).rejects.toThrow('not modelled');
    await expect(ask({ ExecutionParameters: ['1'] })).rejects.toThrow('ExecutionParameters');
  });
});

describe('results (API_GetQueryResults)', () => {
  test('come in pages of 1,000 rows, the first row of the first page being the names', async () => {
    const night = new Night();
    for (let index = 0; index < 1500; index++) night.quarantine.push({ item_index: index });
    archive.holds(night);
    const QueryExecutionId = await finished('SELECT item_index FROM quarantine ORDER BY item_index');
    const first = await call('GetQueryResults', { QueryExecutionId });
    expect(first.ResultSet.Rows).toHaveLength(1000);
    expect(valuesOf(first.ResultSet.Rows.slice(0, 2))).toEqual([['item_index'], ['0']]);
    const last = await call('GetQueryResults', { QueryExecutionId, NextToken: first.NextToken });
    expect(last.ResultSet.Rows).toHaveLength(501);
    expect(last.NextToken).toBeUndefined();
  });

  test('come in pages as small as asked for, of 1,000 rows at most', async () => {
    const QueryExecutionId = await finished('SELECT * FROM (VALUES 1, 2, 3) AS t(n)');
    const page = (more: object) => call('GetQueryResults', { QueryExecutionId, ...more });
    const first = await page({ MaxResults: 2 });
    expect(valuesOf(first.ResultSet.Rows)).toEqual([['n'], ['1']]);
    const second = await page({ MaxResults: 2, NextToken: first.NextToken });
    expect(valuesOf(second.ResultSet.Rows)).toEqual([['2'], ['3']]);
    expect(second.NextToken).toBeUndefined();
    await expect(page({ MaxResults: 1001 })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('are read only with s3:GetObject at the output location', async () => {
    const QueryExecutionId = await finished('SELECT 1 AS one');
    archive.account.denied.add('s3:GetObject');
    await expect(call('GetQueryResults', { QueryExecutionId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(archive.account.asked).toContainEqual({
      action: 's3:GetObject',
      resource: `arn:aws:s3:::${archive.bucket}/athena/${QueryExecutionId}.csv`,
    });
  });

  test('are text: doubles with a point, timestamps to the millisecond, nothing for null', async () => {
    const night = new Night();
    night.arrives(1);
    archive.holds(night);
    expect(
      await rowsOf(await finished('SELECT systolic, mean_arterial, late, arrived_at FROM readings')),
    ).toEqual([
      ['systolic', 'mean_arterial', 'late', 'arrived_at'],
      ['190.0', undefined, 'false', '2026-03-02 06:01:00.000'],
    ]);
  });

  test('are written to the output location of the workgroup, as CSV', async () => {
    const id = await finished('SELECT \'a "b"\' AS text, NULL AS none');
    const file = join(archive.account.directory, 's3', archive.bucket, 'athena', `${id}.csv`);
    expect(readFileSync(file, 'utf8')).toBe('"text","none"\n"a ""b""",\n');
  });
});

describe('partition projection (partition-projection)', () => {
  const row = (reading_id: string) => ({ reading_id, arrived_at: '2026-03-02 07:00:00.000' });

  test('sees the days from the first of the range to tomorrow, and no others', async () => {
    expect(reportAt).toBe('2026-03-03T06:15:00.000Z');
    archive.holds(new Night());
    archive.put('readings', '2025-12-31', 'a', [row('before')]);
    archive.put('readings', '2026-01-01', 'a', [row('first')]);
    archive.put('readings', '2026-03-04', 'a', [row('tomorrow')]);
    archive.put('readings', '2026-03-05', 'a', [row('later')]);
    expect(await rowsOf(await finished('SELECT reading_id, dt FROM readings ORDER BY reading_id'))).toEqual([
      ['reading_id', 'dt'],
      ['first', '2026-01-01'],
      ['tomorrow', '2026-03-04'],
    ]);
  });

  test('needs no crawler: an object counts from its writing on', async () => {
    archive.holds(new Night());
    expect(await rowsOf(await finished('SELECT count(*) AS n FROM readings'))).toEqual([['n'], ['0']]);
    archive.put('readings', '2026-03-02', 'a', [row('one')]);
    archive.put('readings', '2026-03-02', 'b', [row('two')]);
    expect(await rowsOf(await finished('SELECT count(*) AS n FROM readings'))).toEqual([['n'], ['2']]);
  });
});

test('a workgroup with a property that is not modelled is refused, at any depth', () => {
  const workGroup = (more: object) => () =>
    archive.account.create('AWS::Athena::WorkGroup', 'Other', {
      Name: 'other',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: { OutputLocation: 's3://x/', ...more },
      },
    });
  expect(workGroup({})).not.toThrow();
  expect(workGroup({ AclConfiguration: {} })).toThrow('AclConfiguration');
});

describe('who starts a query (security-iam-athena)', () => {
  test.each([
    'athena:StartQueryExecution',
    'glue:GetTable',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListBucket',
  ])('needs %s', async (action) => {
    archive.account.denied.add(action);
    await expect(start('SELECT count(*) AS n FROM readings')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('needs s3:PutObject at the output location, or the query fails', async () => {
    archive.account.denied.add('s3:PutObject');
    expect(await statusOf(await finished('SELECT 1 AS one'))).toMatchObject({ State: 'FAILED' });
  });

  test('is asked only for the tables that the query names', async () => {
    await start('SELECT count(*) AS n FROM readings');
    const tables = archive.account.asked.filter(({ resource }) => resource.includes(':table/'));
    expect(tables.map(({ resource }) => resource.split('/').at(-1))).toEqual(['readings']);
  });
});
