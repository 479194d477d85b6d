/** In which row of the picture a state stands. */
import type { Graph } from '../../services/step-functions/definition.ts';
import { type Edge, endMark, graphEdges, startMark, stateNames } from './graph.ts';

/** The transitions without those that lead back to a state on the way to them. */
function downwards(edges: readonly Edge[]): Edge[] {
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
  visit(startMark);
  return kept;
}

/** Without what is caught, where a state has another way to it: what fails seldom is not what puts it further down. */
function decisive(down: readonly Edge[]): Edge[] {
  const direct = new Set(down.filter(({ catching }) => !catching).map(({ to }) => to));
  return down.filter(({ catching, to }) => !catching || !direct.has(to));
}

/** How far down each stands: its longest way from the start; the last states are below all others. */
function ranksOf(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const down = decisive(downwards(edges));
  const ranks = new Map(names.map((name) => [name, 0]));
  const rank = (name: string) => ranks.get(name) as number;
  for (const _ of names) for (const { from, to } of down) ranks.set(to, Math.max(rank(to), rank(from) + 1));
  const last = edges.filter(({ to }) => to === endMark).map(({ from }) => from);
  const others = names.filter((name) => name !== endMark && !last.includes(name));
  const lowest = Math.max(...others.map(rank));
  for (const name of last) ranks.set(name, lowest + 1);
  return ranks.set(endMark, lowest + 2);
}

/** The rows from the start mark to the end mark, at most `columns` states each, in the order of the definition. */
export function rowsOf(graph: Graph, columns: number): string[][] {
  const names = [startMark, ...stateNames(graph), endMark];
  const edges = graphEdges(graph);
  const ranks = ranksOf(names, edges);
  const rows: string[][] = [];
  for (let rank = 0; rank <= Math.max(...ranks.values()); rank++) {
    const members = names.filter((name) => ranks.get(name) === rank);
    const count = Math.ceil(members.length / columns);
    const each = Math.ceil(members.length / count);
    for (let row = 0; row < count; row++) rows.push(members.slice(row * each, (row + 1) * each));
  }
  return rows;
}
