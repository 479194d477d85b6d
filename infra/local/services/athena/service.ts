/**
 * Amazon Athena: queries over the archive's objects, run by DuckDB.
 *
 * - A query has at most 262,144 bytes. StartQueryExecution answers at once; the query is QUEUED, RUNNING, then SUCCEEDED or FAILED.
 *   https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 *   https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecutionStatus.html
 * - Results are written to the workgroup's output location; GetQueryResults gives up to 1,000 rows a page, the first of the first
 *   page being the column names, every value text. Whoever reads them needs s3:GetObject at the output location.
 *   https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 * - Whoever starts a query needs access to the catalogue, to the objects read and to the output location.
 *   https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
 */
import { z } from 'zod';
import { AwsError } from '../../engine/aws-error.ts';
import { inert } from '../../engine/inert.ts';
import { type Account, type Caller, type Payload, resource, type Service } from '../../engine/service.ts';
import type { GlueService, GlueTable } from '../glue.ts';
import { duckDb, type Result } from './duck-db.ts';
import { trinoToDuckDb, withoutComments } from './trino-to-duckdb.ts';

const longestQueryBytes = 262_144;
const pageRows = 1000;
/** A small query's way through the queue and the engine: a second or two. */
const queueMs = 500;
const runMs = 1500;

const workGroupProperties = z.strictObject({
  Name: z.string(),
  Description: inert('prose', z.string().optional()),
  RecursiveDeleteOption: inert('nothing here is taken down', z.boolean().optional()),
  WorkGroupConfiguration: z.strictObject({
    EnforceWorkGroupConfiguration: z.literal(true),
    EngineVersion: z.strictObject({ SelectedEngineVersion: z.literal('Athena engine version 3') }),
    ResultConfiguration: z.strictObject({
      OutputLocation: z.string(),
      EncryptionConfiguration: inert(
        'encryption at rest changes nothing that a caller sees',
        z.strictObject({ EncryptionOption: z.literal('SSE_KMS'), KmsKey: z.string() }).optional(),
      ),
    }),
    PublishCloudWatchMetricsEnabled: inert('nobody measures here', z.boolean().optional()),
    BytesScannedCutoffPerQuery: inert('far above what a local archive holds', z.number().optional()),
  }),
});

type Query = {
  id: string;
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  reason?: string;
  result: Result;
  workGroup: string;
  outputLocation: string;
};

const csv = (text: string | undefined) => (text === undefined ? '' : `"${text.replaceAll('"', '""')}"`);

export function athena(account: Account): Service {
  /** The output location of each. */
  const workGroups = new Map<string, string>();
  const queries = new Map<string, Query>();
  const random = account.random('athena');
  const execute = duckDb(account);

  function outputOf(name: string): string {
    const found = workGroups.get(name);
    if (found === undefined) throw new AwsError('InvalidRequestException', `WorkGroup ${name} is not found`);
    return found;
  }

  const arnOf = (workGroup: string) =>
    `arn:aws:athena:${account.region}:${account.accountId}:workgroup/${workGroup}`;

  function queryOf(id: string): Query {
    const found = queries.get(id);
    if (!found) throw new AwsError('InvalidRequestException', `QueryExecution ${id} was not found`);
    return found;
  }

  async function run(query: Query, sql: string, tables: GlueTable[], caller: Caller): Promise<void> {
    await account.clock.sleep(queueMs);
    query.state = 'RUNNING';
    await account.clock.sleep(runMs + random.below(runMs));
    try {
      query.result = await account.clock.real(execute(trinoToDuckDb(sql), tables));
      const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(query.outputLocation) as RegExpExecArray;
      await account.call(caller, 's3', 'PutObject', {
        Bucket: bucket,
        Key: `${prefix}${query.id}.csv`,
        Body: query.result.lines.map((line) => `${line.map(csv).join(',')}\n`).join(''),
      });
      query.state = 'SUCCEEDED';
    } catch (error) {
      query.state = 'FAILED';
      query.reason = (error as Error).message;
      account.record({ source: 'athena', what: 'query failed', query: query.id });
    }
  }

  function start(input: Payload, caller: Caller): Payload {
    const outputLocation = outputOf(input.WorkGroup);
    if (Buffer.byteLength(input.QueryString) > longestQueryBytes)
      throw new AwsError('InvalidRequestException', `QueryString: at most ${longestQueryBytes} bytes`);
    const sql = withoutComments(input.QueryString);
    const database = input.QueryExecutionContext?.Database;
    const catalog = account.service<GlueService>('glue');
    const tables = catalog
      .tables(database)
      .filter(({ name: table }) => new RegExp(`\\b${table}\\b`).test(sql));
    authorize(caller, database, tables, outputLocation);
    const id = `query-${queries.size + 1}`;
    const query: Query = {
      id,
      state: 'QUEUED',
      result: { columns: [], lines: [] },
      workGroup: input.WorkGroup,
      outputLocation,
    };
    queries.set(id, query);
    void run(query, sql, tables, caller);
    return { QueryExecutionId: id };
  }

  function authorize(caller: Caller, database: string, tables: GlueTable[], output: string): void {
    const catalog = account.service<GlueService>('glue');
    const [folder, bucket] = /^s3:\/\/(([^/]+)\/.*)/.exec(output)?.slice(1) ?? [];
    account.authorize(caller, [
      { action: 's3:GetBucketLocation', resource: `arn:aws:s3:::${bucket}` },
      { action: 's3:GetObject', resource: `arn:aws:s3:::${folder}any` },
      ...tables.flatMap((table) => [
        ...catalog.permissions('glue:GetTable', database, table.name),
        { action: 's3:ListBucket', resource: `arn:aws:s3:::${table.bucket}` },
        { action: 's3:GetObject', resource: `arn:aws:s3:::${table.bucket}/${table.prefix}any` },
      ]),
    ]);
  }

  return {
    id: 'athena',
    operations: {
      StartQueryExecution: {
        options: ['QueryString', 'WorkGroup', 'QueryExecutionContext'],
        permissions: (input) => [{ action: 'athena:StartQueryExecution', resource: arnOf(input.WorkGroup) }],
        run: start,
      },
      GetQueryExecution: {
        options: ['QueryExecutionId'],
        permissions: (input) => [
          { action: 'athena:GetQueryExecution', resource: arnOf(queryOf(input.QueryExecutionId).workGroup) },
        ],
        run(input) {
          const { id, state, reason, workGroup } = queryOf(input.QueryExecutionId);
          return {
            QueryExecution: {
              QueryExecutionId: id,
              WorkGroup: workGroup,
              Status: { State: state, ...(reason && { StateChangeReason: reason }) },
            },
          };
        },
      },
      GetQueryResults: {
        options: ['QueryExecutionId', 'NextToken', 'MaxResults'],
        permissions(input) {
          const query = queryOf(input.QueryExecutionId);
          return [
            { action: 'athena:GetQueryResults', resource: arnOf(query.workGroup) },
            {
              action: 's3:GetObject',
              resource: `arn:aws:s3:::${query.outputLocation.slice('s3://'.length)}${query.id}.csv`,
            },
          ];
        },
        run(input) {
          if (!(1 <= (input.MaxResults ?? pageRows) && (input.MaxResults ?? pageRows) <= pageRows))
            throw new AwsError('InvalidRequestException', `MaxResults: 1 to ${pageRows}`);
          const query = queryOf(input.QueryExecutionId);
          if (query.state !== 'SUCCEEDED')
            throw new AwsError(
              'InvalidRequestException',
              `Query has not yet finished. Current state: ${query.state}`,
            );
          const { columns, lines } = query.result;
          const from = Number(input.NextToken ?? 0);
          const to = from + (input.MaxResults ?? pageRows);
          return {
            ResultSet: {
              ResultSetMetadata: { ColumnInfo: columns },
              Rows: lines.slice(from, to).map((row) => ({
                Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })),
              })),
            },
            ...(to < lines.length && { NextToken: String(to) }),
          };
        },
      },
    },
    resources: {
      'AWS::Athena::WorkGroup': resource(workGroupProperties, ({ properties }) => {
        workGroups.set(properties.Name, properties.WorkGroupConfiguration.ResultConfiguration.OutputLocation);
        return { ref: properties.Name };
      }),
    },
  };
}
