/** The real queries, filled in as the report fills them in, asked by the local Athena of an archive on disk. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenAlert } from '../../handlers/alert/alert.ts';
import { openAlertLines } from '../../handlers/reporting/open-alerts.ts';
import { queriesOf } from '../../handlers/reporting/queries.ts';
import { reportWindow } from '../../handlers/reporting/window.ts';
import { parseTable } from '../../infra/constructs/table-definition.ts';
import { athena } from '../../infra/local/services/athena/service.ts';
import { parquetOf, rowsOfJson } from '../../infra/local/services/firehose/json-to-parquet.ts';
import { type GlueService, glue } from '../../infra/local/services/glue.ts';
import { s3 } from '../../infra/local/services/s3.ts';
import { fakeAccount, operator } from '../infra/local/fake-account.ts';
import { type Night, reportAt, window } from './night.ts';

type Row = Record<string, string | null>;
const runId = 'the-report';

/** CDK's property names as CloudFormation writes them; what stands in `parameters` are names of its own. */
// biome-ignore lint/suspicious/noExplicitAny: a tree of properties
function asInTemplate(value: any, isData = false): any {
  if (Array.isArray(value)) return value.map((one) => asInTemplate(one));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      isData ? name : name.charAt(0).toUpperCase() + name.slice(1),
      asInTemplate(one, name === 'parameters'),
    ]),
  );
}

export class Archive {
  account = fakeAccount(reportAt);
  bucket: string;

  constructor() {
    const { account } = this;
    for (const factory of [s3, glue, athena]) account.add<never>(factory as never);
    this.bucket = account.create('AWS::S3::Bucket', 'Archive', {}).ref;
    account.create('AWS::Glue::Database', 'Database', {
      CatalogId: account.accountId,
      DatabaseInput: { Name: 'vigil' },
    });
    for (const name of ['readings', 'events', 'quarantine', 'open_alerts']) {
      const { tableInput } = parseTable(readFileSync(`sql/tables/${name}.sql`, 'utf8'));
      account.create('AWS::Glue::Table', name, {
        CatalogId: account.accountId,
        DatabaseName: 'vigil',
        TableInput: asInTemplate(tableInput(this.bucket)),
      });
    }
    account.create('AWS::Athena::WorkGroup', 'WorkGroup', {
      Name: 'vigil',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          OutputLocation: `s3://${this.bucket}/athena/`,
        },
      },
    });
  }

  #file(key: string): string {
    const file = join(this.account.directory, 's3', this.bucket, key);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }

  /** One Parquet object of a table, as Firehose would write it. */
  put(tableName: string, dt: string, name: string, rows: readonly object[]): void {
    if (rows.length === 0) return;
    const table = this.account.service<GlueService>('glue').table('vigil', tableName);
    const parsed = rows.flatMap((row) => rowsOfJson(table, Buffer.from(JSON.stringify(row))));
    writeFileSync(this.#file(`${tableName}/dt=${dt}/${name}.parquet`), parquetOf(table, parsed));
  }

  /** The night as the archive holds it when the report begins, with the list of the alerts that the table has open. */
  holds(night: Night, listed: readonly OpenAlert[] | undefined = night.open()): void {
    rmSync(join(this.account.directory, 's3', this.bucket), { recursive: true });
    mkdirSync(join(this.account.directory, 's3', this.bucket));
    const days = Map.groupBy([...night.readings], (row) => row.arrived_at.slice(0, 10));
    for (const [dt, rows] of days) this.put('readings', dt, 'a', rows);
    for (const [dt, rows] of Map.groupBy(night.events, (row) => row.occurred_at.slice(0, 10)))
      this.put('events', dt, 'a', rows);
    this.quarantines('2026-03-02', night.quarantine);
    this.lists(listed);
  }

  /** One object a record, as the consumer writes them. */
  quarantines(dt: string, rows: readonly object[]): void {
    for (const [index, row] of rows.entries())
      writeFileSync(this.#file(`quarantine/dt=${dt}/${index}.json`), `${JSON.stringify(row)}\n`);
  }

  /** The list of this report's run and day, unless another is said; without alerts, no list. */
  lists(alerts: readonly OpenAlert[] | undefined, { run = runId, dt = reportAt.slice(0, 10) } = {}): void {
    const file = this.#file(`open-alerts/dt=${dt}/${run}.json`);
    rmSync(file, { force: true });
    if (alerts) writeFileSync(file, openAlertLines(run, reportAt, alerts));
  }

  /** The lines of this report's list as they are. */
  writes(lines: string): void {
    writeFileSync(this.#file(`open-alerts/dt=${reportAt.slice(0, 10)}/${runId}.json`), lines);
  }

  async ask(query: string, of: { from: string; to: string } = window): Promise<Row[]> {
    const night = reportWindow(of, 'Europe/London');
    const asked = queriesOf(night, { dt: reportAt.slice(0, 10), runId });
    const { account } = this;
    const call = (operation: string, input: object) =>
      account.done(account.call(operator, 'athena', operation, input));
    const { QueryExecutionId } = await call('StartQueryExecution', {
      QueryString: asked.find(({ name }) => name === query)?.sql,
      WorkGroup: 'vigil',
      QueryExecutionContext: { Database: 'vigil' },
    });
    await account.clock.run(account.clock.now() + 10_000);
    const { QueryExecution } = await call('GetQueryExecution', { QueryExecutionId });
    if (QueryExecution.Status.State !== 'SUCCEEDED') throw new Error(QueryExecution.Status.StateChangeReason);
    const { ResultSet } = await call('GetQueryResults', { QueryExecutionId });
    const [header, ...rows] = ResultSet.Rows.map(({ Data }: { Data: { VarCharValue?: string }[] }) =>
      Data.map(({ VarCharValue }) => VarCharValue ?? null),
    );
    return rows.map((row: Row[string][]) =>
      Object.fromEntries(header.map((name: string, index: number) => [name, row[index] ?? null])),
    );
  }
}
