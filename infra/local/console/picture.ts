/** A workflow as a picture, made here: what was visited, what is going on, what failed, and the ways that were taken. */
import type { Graph } from '../services/step-functions/definition.ts';
import { type Html, html } from './html.ts';
import { layOut, nodeHeight, nodeWidth } from './layout.ts';
import { edge, type Standing, type Step, type Told } from './steps.ts';

export const classOf: Record<Standing, string> = {
  succeeded: 'ok',
  caught: 'caught',
  current: 'now',
  failed: 'bad',
  aborted: 'bad',
};

export const wordOf: Record<Standing, string> = {
  succeeded: 'succeeded',
  caught: 'failed, and was caught',
  current: 'in progress',
  failed: 'failed',
  aborted: 'stopped',
};

/** What fits a state's width at 13 px. */
const charactersALine = 19;

function lines(label: string): string[] {
  const result: string[] = [''];
  for (const word of label.split(' ')) {
    const longer = `${result.at(-1)} ${word}`.trim();
    if (longer.length <= charactersALine || result.at(-1) === '') result[result.length - 1] = longer;
    else result.push(word);
  }
  return result;
}

function node(name: string, x: number, y: number, visits: Step[]): Html {
  const last = visits.at(-1);
  const label = lines(visits.length > 1 ? `${name} (${visits.length}x)` : name);
  const first = y + nodeHeight / 2 + 4.5 - (label.length - 1) * 8;
  const texts = label.map((line, index) => html`<text x="${x}" y="${first + index * 16}">${line}</text>`);
  return html`<g class="node ${last && classOf[last.standing]}"><title>${name}: ${last ? wordOf[last.standing] : 'not visited'}</title>
<rect x="${x - nodeWidth / 2}" y="${y}" width="${nodeWidth}" height="${nodeHeight}" rx="8"/>${texts}</g>`;
}

function drawing(graph: Graph, { steps, taken }: Told, columns: number, size: string, label: string): Html {
  const { width, height, nodes, edges } = layOut(graph, columns);
  // Leaving a Parallel state is leaving its branches.
  const after = new Set(
    Object.entries(graph.States).flatMap(([name, state]) =>
      state.Type === 'Parallel' && state.Next && taken.has(edge(name, state.Next)) ? [state.Next] : [],
    ),
  );
  const isTaken = (one: { from: string; to: string }) =>
    taken.has(edge(one.from, one.to)) || (after.has(one.to) && !(one.from in graph.States));
  const ways = [...edges]
    .sort((a, b) => Number(isTaken(a)) - Number(isTaken(b)))
    .map((way) => {
      const state = isTaken(way) ? ' taken' : '';
      return html`<path class="edge${way.catching ? ' catching' : ''}${state}" d="${way.path}"/><path class="head${state}" d="M${way.x - 4.5} ${way.y - 8}h9l-4.5 8z"/>`;
    });
  const states = nodes.map(({ name, x, y }) =>
    node(
      name,
      x,
      y,
      steps.filter((step) => step.name === name),
    ),
  );
  return html`<svg class="${size}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${ways}${states}</svg>`;
}

/** Two drawings of which the style sheet shows one: two states side by side on a phone, four elsewhere. */
export function picture(graph: Graph, told: Told): Html {
  const current = told.steps.filter(({ standing }) => standing === 'current').map(({ name }) => name);
  const label = `The workflow. In progress: ${current.join(', ') || 'nothing'}. The table below says the same.`;
  const key = (['succeeded', 'current', 'caught', 'failed'] as const).map(
    (standing) => html`<span class="tag ${classOf[standing]}">${wordOf[standing]}</span>`,
  );
  return html`<div class="card">${drawing(graph, told, 2, 'narrow', label)}${drawing(graph, told, 4, 'broad', label)}
<p class="key">${key}</p></div>`;
}
