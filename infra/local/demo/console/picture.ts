/** A workflow as a picture, made here: what was visited, what is going on, what failed, and the ways that were taken. */

import { type Html, html } from '../../../../handlers/web/html.ts';
import type { Graph } from '../../services/step-functions/definition.ts';
import { endMark, startMark, stateOf } from './graph.ts';
import { layOut, markHeight, nodeHeight, nodeWidth } from './layout.ts';
import { classOf, key, wordOf } from './step-status.ts';
import { type ExecutionStep, type ExecutionSteps, edge } from './steps.ts';

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

type Position = { name: string; x: number; y: number };

/** A state that was visited leads to its latest step, on `page`. */
function node({ name, x, y }: Position, isLast: boolean, visits: ExecutionStep[], page: string): Html {
  const last = visits.at(-1);
  const label = lines(visits.length > 1 ? `${name} (${visits.length}x)` : name);
  const first = y + nodeHeight / 2 + 4.5 - (label.length - 1) * 8;
  const texts = label.map((line, index) => html`<text x="${x}" y="${first + index * 16}">${line}</text>`);
  const round = isLast ? nodeHeight / 2 : 8;
  const drawn = html`<g class="node${isLast ? ' last' : ''} ${last && classOf[last.status]}"><title>${name}: ${last ? wordOf[last.status] : 'not reached'}</title>
<rect x="${x - nodeWidth / 2}" y="${y}" width="${nodeWidth}" height="${nodeHeight}" rx="${round}"/>${texts}</g>`;
  return last ? html`<a href="${page}#step-${last.number}">${drawn}</a>` : drawn;
}

/** Where it starts and ends. */
function mark({ name, x, y }: Position): Html {
  const top = name === startMark ? y + nodeHeight - markHeight : y;
  return html`<g class="mark"><rect x="${x - 30}" y="${top}" width="60" height="${markHeight}" rx="${markHeight / 2}"/><text x="${x}" y="${top + 17.5}">${name === startMark ? 'Start' : 'End'}</text></g>`;
}

/** Whether a transition was taken. Leaving a Map is leaving the last of its states. */
function takenOf(
  graph: Graph,
  { steps, taken }: ExecutionSteps,
): (way: { from: string; to: string }) => boolean {
  const after = new Set(
    Object.entries(graph.States).flatMap(([name, state]) =>
      state.Type === 'Map' && state.Next && taken.has(edge(name, state.Next)) ? [state.Next] : [],
    ),
  );
  return ({ from, to }) => {
    if (from === startMark) return steps.length > 0;
    if (to === endMark) return steps.some(({ name, status }) => name === from && status !== 'current');
    return taken.has(edge(from, to)) || (after.has(to) && !(from in graph.States));
  };
}

function drawing(
  graph: Graph,
  ran: ExecutionSteps,
  page: string,
  columns: number,
  size: string,
  label: string,
): Html {
  const { width, height, nodes, edges } = layOut(graph, columns);
  const isTaken = takenOf(graph, ran);
  const ways = [...edges]
    .sort((a, b) => Number(isTaken(a)) - Number(isTaken(b)))
    .map((way) => {
      const state = isTaken(way) ? ' taken' : '';
      return html`<path class="edge${way.catching ? ' catching' : ''}${state}" d="${way.path}"/><path class="head${state}" d="M${way.x - 4.5} ${way.y - 8}h9l-4.5 8z"/>`;
    });
  const states = nodes.map((place) => {
    const { name } = place;
    if (name === startMark || name === endMark) return mark(place);
    const isLast = ['Succeed', 'Fail'].includes(stateOf(graph, name)?.Type ?? '');
    const visits = ran.steps.filter((step) => step.name === name);
    return node(place, isLast, visits, page);
  });
  return html`<svg class="${size}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${label}">${ways}${states}</svg>`;
}

/** Two drawings of which the style sheet shows one: two states side by side on a phone, four elsewhere. `page` has the steps. */
export function picture(graph: Graph, ran: ExecutionSteps, page: string): Html {
  const current = ran.steps.filter(({ status }) => status === 'current').map(({ name }) => name);
  const label = `The workflow. In progress: ${current.join(', ') || 'nothing'}. Each state leads to its latest step below.`;
  return html`<div class="card">${drawing(graph, ran, page, 2, 'narrow', label)}${drawing(graph, ran, page, 4, 'broad', label)}
${key}</div>`;
}
