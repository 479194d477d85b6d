/**
 * Where the states of a workflow stand in its picture: in rows from the start downwards, as far down as their longest way
 * from it. Ways down run in lanes on the left, ways back up in lanes on the right, never across a state.
 */
import type { Graph, State } from '../services/step-functions/definition.ts';

type Edge = { from: string; to: string; catching: boolean };
type Placed = { name: string; x: number; y: number };
type Drawn = Edge & { path: string; x: number; y: number };
export type Layout = { width: number; height: number; nodes: Placed[]; edges: Drawn[] };

export const nodeWidth = 150;
export const nodeHeight = 46;
const columnGap = 14;
const rowGap = 44;
const laneGap = 10;
/** Back ways enter and leave a state beside its middle, so that they do not hide the ways down. */
const beside = 14;

function edgesOf(name: string, state: State): Edge[] {
  const direct = (to: string | undefined) => (to === undefined ? [] : [{ from: name, to, catching: false }]);
  const choices = state.Type === 'Choice' ? [...state.Choices.map((c) => c.Next), state.Default] : [];
  const next = 'Next' in state ? state.Next : undefined;
  const catches = 'Catch' in state ? (state.Catch ?? []) : [];
  return [
    ...choices.flatMap(direct),
    ...(state.Type === 'Parallel'
      ? state.Branches.flatMap((branch) => [
          ...direct(branch.StartAt),
          ...graphEdges(branch),
          ...lastOf(branch).flatMap((last) => direct(next).map((edge) => ({ ...edge, from: last }))),
        ])
      : direct(next)),
    ...catches.map(({ Next }) => ({ from: name, to: Next, catching: true })),
  ];
}

const lastOf = (branch: Graph) =>
  Object.entries(branch.States)
    .filter(([, state]) => 'End' in state && state.End)
    .map(([name]) => name);

/** Every state, in the order of the definition. */
const namesOf = (graph: Graph): string[] =>
  Object.entries(graph.States).flatMap(([name, state]) => [
    name,
    ...(state.Type === 'Parallel' ? state.Branches.flatMap(namesOf) : []),
  ]);

/** Every transition once; the states of parallel branches stand between the Parallel state and the one after it. */
function graphEdges(graph: Graph): Edge[] {
  const all = Object.entries(graph.States).flatMap(([name, state]) => edgesOf(name, state));
  const unique = new Map<string, Edge>();
  for (const edge of all) {
    const key = `${edge.from} -> ${edge.to}`;
    if (!unique.has(key)) unique.set(key, edge);
  }
  return [...unique.values()];
}

/** The transitions without those that lead back to a state on the way to them. */
function downwards(start: string, edges: Edge[]): Edge[] {
  const done = new Set<string>();
  const onTheWay = new Set<string>();
  const kept: Edge[] = [];
  const visit = (name: string) => {
    onTheWay.add(name);
    for (const edge of edges.filter(({ from }) => from === name)) {
      if (onTheWay.has(edge.to)) continue;
      kept.push(edge);
      if (!done.has(edge.to)) visit(edge.to);
    }
    onTheWay.delete(name);
    done.add(name);
  };
  visit(start);
  return kept;
}

/** The rows of states, at most `columns` each. */
function rowsOf(graph: Graph, edges: Edge[], columns: number): string[][] {
  const down = downwards(graph.StartAt, edges);
  const names = namesOf(graph);
  const ranks = new Map(names.map((name) => [name, 0]));
  for (const _ of names)
    for (const { from, to } of down)
      ranks.set(to, Math.max(ranks.get(to) as number, (ranks.get(from) as number) + 1));
  const rows: string[][] = [];
  for (let rank = 0; rank <= Math.max(...ranks.values()); rank++) {
    const members = names.filter((name) => ranks.get(name) === rank);
    const count = Math.ceil(members.length / columns);
    const each = Math.ceil(members.length / count);
    for (let row = 0; row < count; row++) rows.push(members.slice(row * each, (row + 1) * each));
  }
  return rows;
}

/** Lays the workflow out, at most `columns` states side by side. */
export function layOut(graph: Graph, columns: number): Layout {
  const edges = graphEdges(graph);
  const rows = rowsOf(graph, edges, columns);
  const rowOf = new Map(rows.flatMap((row, index) => row.map((name) => [name, index])));
  const row = (name: string) => rowOf.get(name) as number;
  const isUp = ({ from, to }: Edge) => row(to) <= row(from);
  const isLong = ({ from, to }: Edge) => row(to) > row(from) + 1;
  const long = edges.filter((edge) => !isUp(edge) && isLong(edge));
  /** A lane for what fans out of one state, or for what comes together in one. */
  const laneOf = ({ from, to }: Edge) =>
    long.filter((edge) => edge.to === to).length > long.filter((edge) => edge.from === from).length
      ? `to ${to}`
      : `from ${from}`;
  const left = [...new Set(long.map(laneOf))];
  const right = [...new Set(edges.filter(isUp).map(({ to }) => to))];

  const widest = Math.max(...rows.map(({ length }) => length));
  const inner = widest * nodeWidth + (widest - 1) * columnGap;
  const leftSide = (left.length + 1) * laneGap;
  const width = leftSide + inner + (right.length + 1) * laneGap;
  const yOf = (index: number) => rowGap / 2 + index * (nodeHeight + rowGap);
  const nodes = rows.flatMap((names, index) => {
    const taken = names.length * nodeWidth + (names.length - 1) * columnGap;
    const from = leftSide + (inner - taken) / 2 + nodeWidth / 2;
    return names.map((name, column) => ({
      name,
      x: from + column * (nodeWidth + columnGap),
      y: yOf(index),
    }));
  });
  const placeOf = new Map(nodes.map((node) => [node.name, node]));

  const draw = (edge: Edge): Drawn => {
    const from = placeOf.get(edge.from) as Placed;
    const to = placeOf.get(edge.to) as Placed;
    const bottom = from.y + nodeHeight;
    if (isUp(edge)) {
      const lane = width - (right.indexOf(edge.to) + 1) * laneGap;
      const x = to.x + beside;
      const path = `M${from.x + beside} ${bottom}V${bottom + 14}H${lane}V${to.y - 12}H${x}V${to.y}`;
      return { ...edge, path, x, y: to.y };
    }
    const lane = (left.indexOf(laneOf(edge)) + 1) * laneGap;
    const path = isLong(edge)
      ? `M${from.x} ${bottom}V${bottom + 22}H${lane}V${to.y - 20}H${to.x}V${to.y}`
      : `M${from.x} ${bottom}V${bottom + 22}H${to.x}V${to.y}`;
    return { ...edge, path, x: to.x, y: to.y };
  };
  return { width, height: yOf(rows.length), nodes, edges: edges.map(draw) };
}
