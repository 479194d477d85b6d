/**
 * What a query costs Athena before it reads a byte: how often it scans a table, and in how many stages it runs.
 *
 * A name that WITH gives is planned anew wherever it stands, so a scan counts for each place where a table's name is
 * reached. The stages are an estimate, by this rule: one, and one more for each time that rows have to be spread
 * over the nodes anew. Rows have to lie together
 * - by the columns of a GROUP BY, a DISTINCT, a PARTITION BY, and of a join's equalities, on either side of it;
 * - on one node without such columns, for an ORDER BY (which takes one stage more without a LIMIT), and for the result;
 * - on every node, for the right side of a CROSS JOIN and for what IN asks, unless these are constants or all is on one node.
 * Rows that lie together by some of those columns do already. A full join and a UNION ALL leave them anywhere, and each
 * side of a UNION is a stage of its own. IN (SELECT ...) is counted in a WHERE. Whatever else reads a table is refused.
 *
 * Trino 422 plans no query of sql/ in more stages or scans than this says, and most in exactly as many.
 * https://trino.io/docs/current/admin/properties-query-management.html (query.max-stage-count: 150)
 */
import { parse } from '@polyglot-sql/sdk';

// biome-ignore lint/suspicious/noExplicitAny: a tree of SQL, whose nodes are told apart by their members
type Node = any;
/** `together`: the columns that its rows lie together by; none on one node; undefined anywhere. */
type Rows = { scans: number; exchanges: number; together?: string[] | undefined };
type Scope = {
  /** What WITH has given a name. */
  named: ReadonlyMap<string, () => Rows>;
  /** Every SELECT that was counted. */
  planned: Set<Node>;
};

export type QueryPlan = { scans: number; stages: number };

const notPlanned = (what: string) => new Error(`${what} is not planned here`);

/** Far below Trino's default of 150 stages, and what the proof of a night needs with room for a few checks more. */
export const most: QueryPlan = { scans: 12, stages: 40 };

export function queryPlan(sql: string): QueryPlan {
  const { ast, error } = parse(sql, 'trino' as never) as unknown as { ast?: Node[]; error?: string };
  if (ast?.length !== 1) throw new Error(error ?? 'not one statement');
  const planned = new Set<Node>();
  const rows = queryRows(ast[0], { named: new Map(), planned });
  if (selectsIn(ast[0]).some((select) => !planned.has(select)))
    throw notPlanned('a query inside an expression, or one with a name that nobody uses,');
  const { scans, exchanges } = rows.scans === 0 ? rows : gathered(rows, []);
  return { scans, stages: exchanges + 1 };
}

/** Every SELECT at any depth. */
function selectsIn(node: Node): Node[] {
  if (node === null || typeof node !== 'object') return [];
  const inner = Object.values(node).flatMap(selectsIn);
  return node.select ? [node.select, ...inner] : inner;
}

/** With its rows where they have to be. */
function gathered(rows: Rows, columns: string[]): Rows {
  const suits = rows.together?.every((column) => columns.includes(column));
  return suits ? rows : { ...rows, exchanges: rows.exchanges + 1, together: columns };
}

/** With another relation's costs. */
function plus(rows: Rows, other: Rows, exchanges = 0): Rows {
  return {
    ...rows,
    scans: rows.scans + other.scans,
    exchanges: rows.exchanges + other.exchanges + exchanges,
  };
}

function queryRows(query: Node, outer: Scope): Rows {
  if (query.subquery) return queryRows(query.subquery.this, outer);
  if (query.values) return { scans: 0, exchanges: 0 };
  const node = query.union ?? query.select;
  if (!node) throw notPlanned(String(Object.keys(query)));
  const named = new Map(outer.named);
  const scope = { ...outer, named };
  for (const { alias, this: body } of node.with?.ctes ?? []) {
    const before = { ...outer, named: new Map(named) };
    named.set(alias.name, () => queryRows(body, before));
  }
  const rows = query.union ? unionRows(node, scope) : selectRows(node, scope);
  return node.order_by ? gathered(node.limit ? rows : gathered(rows, ['(sorted)']), []) : rows;
}

function unionRows({ left, right, all }: Node, scope: Scope): Rows {
  const both = { ...plus(queryRows(left, scope), queryRows(right, scope), 1), together: undefined };
  return all ? both : gathered(both, columnsOf(selectsIn(left)[0].expressions));
}

function selectRows(select: Node, scope: Scope): Rows {
  scope.planned.add(select);
  const [from, ...more] = select.from?.expressions ?? [];
  if (more.length > 0) throw notPlanned('a join by a comma');
  let rows: Rows = from ? relationRows(from, scope) : { scans: 0, exchanges: 0 };
  for (const join of select.joins ?? []) rows = joinRows(rows, join, scope);
  for (const { query } of found(select.where_clause, 'in'))
    if (query) rows = plus(rows, queryRows(query, scope), 1);
  if (hasDistinctCount(select.expressions)) rows = gathered(rows, ['(counted once)']);
  if (select.group_by) rows = gathered(rows, columnsOf(select.group_by.expressions));
  else if (select.expressions.some(isAggregate)) rows = gathered(rows, []);
  for (const columns of partitionsOf(select)) rows = gathered(rows, columns);
  if (select.distinct) rows = gathered(rows, columnsOf(select.expressions));
  return { ...rows, together: stillTogether(rows.together, select.expressions) };
}

function relationRows(relation: Node, scope: Scope): Rows {
  if (relation.subquery) return queryRows(relation, scope);
  if (!relation.table) throw notPlanned(String(Object.keys(relation)));
  const named = scope.named.get(relation.table.name.name);
  return named ? named() : { scans: 1, exchanges: 0 };
}

function joinRows(left: Rows, { this: joined, on, kind }: Node, scope: Scope): Rows {
  // What is unnested stands in the row itself.
  if (joined.alias) return left;
  const right = relationRows(joined, scope);
  if (kind === 'Cross') return plus(left, right, right.scans === 0 || areOnOneNode(left, right) ? 0 : 1);
  const name = (joined.table ?? joined.subquery).alias?.name ?? joined.table?.name.name;
  const own: string[] = [];
  const other: string[] = [];
  for (const { left: one, right: two } of found(on, 'eq'))
    for (const { column } of [one, two])
      if (column) (column.table?.name === name ? own : other).push(column.name.name);
  const rows = plus(gathered(left, other), gathered(right, own));
  return kind === 'Full' ? { ...rows, together: undefined } : rows;
}

const areOnOneNode = (...all: Rows[]) => all.every(({ together }) => together?.length === 0);

/** Every node of that kind below, and nothing of what an inner query says of its own. */
function found(node: Node, kind: string): Node[] {
  if (node === null || typeof node !== 'object' || node.select) return [];
  return Object.entries(node).flatMap(([name, member]) =>
    name === kind && member ? [member, ...found(member, kind)] : found(member, kind),
  );
}

const columnsOf = (expressions: Node[]): string[] =>
  expressions.map(({ alias, column }) => alias?.alias.name ?? column?.name.name ?? '(computed)');

const aggregates = ['aggregate_function', 'avg', 'count', 'max', 'min', 'sum'];

/** Also within an expression, but not over a window. */
function isAggregate(node: Node): boolean {
  if (node === null || typeof node !== 'object' || node.select || node.window_function) return false;
  return Object.entries(node).some(
    ([name, member]) => (aggregates.includes(name) && Boolean(member)) || isAggregate(member),
  );
}

/** Counted once each: those that are alike have to lie together first. */
const hasDistinctCount = (expressions: Node[]) =>
  found(expressions, 'count').some(({ distinct }) => distinct);

/** The columns of each PARTITION BY; of a window over everything, none. */
function partitionsOf({ expressions, windows }: Node): string[][] {
  const named = new Map<string, Node>((windows ?? []).map(({ name, spec }: Node) => [name.name, spec]));
  return found(expressions, 'window_function').map(({ over }) =>
    columnsOf((over.window_name ? named.get(over.window_name.name) : over).partition_by ?? []),
  );
}

/** The columns as the SELECT calls them; undefined when it leaves one of them out. */
function stillTogether(columns: string[] | undefined, expressions: Node[]): string[] | undefined {
  if (expressions.some(({ star }) => star)) return columns;
  const called = columns?.map((column) => {
    const kept = expressions.find(
      ({ column: plain, alias }) => (plain ?? alias?.this.column)?.name.name === column,
    );
    return kept && (kept.alias?.alias.name ?? column);
  });
  return called?.includes(undefined) ? undefined : (called as string[] | undefined);
}
