/** A workflow as states and the transitions between them, from a start mark to an end mark. */
import type { Graph, State } from '../../services/step-functions/definition.ts';

export type Edge = { from: string; to: string; catching: boolean };

/** The two marks; no state of ours bears such a name. */
export const startMark = '(start)';
export const endMark = '(end)';

function edgesOf(name: string, state: State): Edge[] {
  const direct = (to: string | undefined) => (to === undefined ? [] : [{ from: name, to, catching: false }]);
  const choices = state.Type === 'Choice' ? [...state.Choices.map((c) => c.Next), state.Default] : [];
  const next = 'Next' in state ? state.Next : undefined;
  const catches = 'Catch' in state ? (state.Catch ?? []) : [];
  return [
    ...choices.flatMap(direct),
    ...(state.Type === 'Map'
      ? [
          ...direct(state.ItemProcessor.StartAt),
          ...innerEdges(state.ItemProcessor),
          ...lastOf(state.ItemProcessor).flatMap((last) =>
            direct(next).map((edge) => ({ ...edge, from: last })),
          ),
        ]
      : direct(next)),
    ...catches.map(({ Next }) => ({ from: name, to: Next, catching: true })),
  ];
}

/** The states after which there is none. */
const lastOf = (graph: Graph) =>
  Object.entries(graph.States)
    .filter(([, state]) => ('End' in state && state.End) || state.Type === 'Succeed' || state.Type === 'Fail')
    .map(([name]) => name);

/** Every transition once; those within a Map stand between it and the state after it. */
function innerEdges(graph: Graph): Edge[] {
  const all = Object.entries(graph.States).flatMap(([name, state]) => edgesOf(name, state));
  const unique = new Map<string, Edge>();
  for (const edge of all) {
    const key = `${edge.from} -> ${edge.to}`;
    if (!unique.has(key)) unique.set(key, edge);
  }
  return [...unique.values()];
}

/** Every transition, from the start mark to the end mark. */
export function graphEdges(graph: Graph): Edge[] {
  return [
    { from: startMark, to: graph.StartAt, catching: false },
    ...innerEdges(graph),
    ...lastOf(graph).map((from) => ({ from, to: endMark, catching: false })),
  ];
}

/** Every state, in the order of the definition. */
export const stateNames = (graph: Graph): string[] =>
  Object.entries(graph.States).flatMap(([name, state]) => [
    name,
    ...(state.Type === 'Map' ? stateNames(state.ItemProcessor) : []),
  ]);

/** A state by its name, wherever it stands. */
export function stateOf(graph: Graph, name: string): State | undefined {
  const inner = Object.values(graph.States).flatMap((state) =>
    state.Type === 'Map' ? [stateOf(state.ItemProcessor, name)] : [],
  );
  return graph.States[name] ?? inner.find((state) => state !== undefined);
}
