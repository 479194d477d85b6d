/** Rows of a finished Athena query. */
import { GetQueryResultsCommand } from '@aws-sdk/client-athena';
import { athenaClient } from './clients.ts';

/** By column name; null where Athena has no value. The first row that Athena gives is the header. */
export type ResultRow = Record<string, string | null>;

export async function readResults(queryExecutionId: string): Promise<ResultRow[]> {
  const lines: (string | null)[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await athenaClient().send(
      new GetQueryResultsCommand({ QueryExecutionId: queryExecutionId, ...(NextToken && { NextToken }) }),
    );
    for (const { Data = [] } of page.ResultSet?.Rows ?? [])
      lines.push(Data.map(({ VarCharValue }) => VarCharValue ?? null));
    NextToken = page.NextToken;
  } while (NextToken);
  const [header = [], ...rows] = lines;
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? null])));
}
