/**
 * Where the states of a workflow stand in its picture: in rows from the start downwards, as far down as their longest way
 * from it, and the last states last. Ways down run in lanes on the left, ways back up in lanes on the right, never across
 * a state.
 *
 * Our own, since a layered layout (dagre) takes no width: it puts the escalation's choices in one row of 2,000 points, which
 * a phone shows in letters two pixels high.
 */
import type { Graph } from '../../services/step-functions/definition.ts';
import { type Edge, endMark, graphEdges } from './graph.ts';
import { rowsOf } from './rows.ts';

type Placed = { name: string; x: number; y: number };
type Drawn = Edge & { path: string; x: number; y: number };
export type Layout = { width: number; height: number; nodes: Placed[]; edges: Drawn[] };

export const nodeWidth = 150;
export const nodeHeight = 46;
export const markHeight = 26;
const columnGap = 14;
const rowGap = 44;
const laneGap = 10;
/** Back ways enter and leave a state beside its middle, so that they do not hide the ways down. */
const beside = 14;

/** Lays the workflow out, at most `columns` states side by side. */
export function layOut(graph: Graph, columns: number): Layout {
  const edges = graphEdges(graph);
  const rows = rowsOf(graph, columns);
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
  // The marks are lower than states: what the start lacks is above it, what the end lacks below.
  const yOf = (index: number) => rowGap / 2 - (nodeHeight - markHeight) + index * (nodeHeight + rowGap);
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
  const height = (placeOf.get(endMark) as Placed).y + markHeight + rowGap / 2;
  return { width, height, nodes, edges: edges.map(draw) };
}
