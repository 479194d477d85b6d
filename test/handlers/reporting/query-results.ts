/** What Athena gives of queries that have run: their rows by the query's execution, two a page. */
import type { Payload } from '../../../infra/local/engine/service.ts';
import type { LocalAws } from '../../local-aws.ts';

type Row = Record<string, string | null>;

const cells = (values: (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});

export function addQueryResults(aws: LocalAws): Map<string, Row[]> {
  const results = new Map<string, Row[]>();
  const run = ({ QueryExecutionId, NextToken = '0' }: Payload) => {
    const rows = results.get(QueryExecutionId) as Row[];
    const names = Object.keys(rows[0] ?? {});
    const all = [cells(names), ...rows.map((row) => cells(names.map((name) => row[name] ?? null)))];
    const to = Number(NextToken) + 2;
    return {
      ResultSet: { Rows: all.slice(to - 2, to) },
      ...(to < all.length && { NextToken: String(to) }),
    };
  };
  const options = ['QueryExecutionId', 'NextToken'];
  const operations = { GetQueryResults: { options, permissions: () => [], run } };
  aws.account.add(() => ({ id: 'athena', operations, resources: {} }));
  return results;
}
