/** The steps of an execution, and its history: lines on a desktop, blocks on a phone. */

import { type Html, html } from '../../../../handlers/web/html.ts';
import type { HistoryEvent } from '../../services/step-functions/history.ts';
import { elapsed, folded } from './format.ts';
import { classOf, wordOf } from './step-status.ts';
import type { ExecutionStep } from './steps.ts';
import { day, exactTime, timeOfDay, type Watched } from './watched.ts';

/** A night without an answer takes a hundred. */
const stepsShown = 20;

/** A value with its name, which a desktop shows once, at the head of the list. */
const cell = (name: string, value: Html | string | number | undefined, classes = '') =>
  html`<span class="cell ${classes}"><span class="name">${name}</span> <span>${value}</span></span>`;

const head = (names: string[]) =>
  html`<div class="line head" aria-hidden="true">${names.map((name) => html`<span>${name}</span>`)}</div>`;

/** The day stands with it when it is another one than the start's. */
function timeOf(watched: Watched, at: number, startedAt: number): Html {
  const other = day(watched, at) === day(watched, startedAt) ? undefined : html`${day(watched, at)} `;
  return html`${other}<time>${exactTime(watched, at)}</time>`;
}

function howItStands(watched: Watched, { status, waitsUntil, attempts }: ExecutionStep): Html {
  const wait =
    status === 'current' && waitsUntil !== undefined
      ? html`, waits until ${timeOfDay(watched, waitsUntil)}`
      : undefined;
  const tries = attempts > 1 ? html`, ${attempts} attempts` : undefined;
  return html`<strong class="${classOf[status]}">${wordOf[status]}</strong>${wait}${tries}`;
}

function stepLine(watched: Watched, step: ExecutionStep, startedAt: number): Html {
  const end = step.exitedAt ?? watched.account.clock.now();
  const errors = step.errors.map(({ event, error, cause }) =>
    step.status === 'timedOut'
      ? html`<p class="soft">${error}</p>`
      : html`<p class="caught"><strong>${error || event}</strong> ${cause}</p>`,
  );
  return html`<li class="line" id="step-${step.number}">${cell('Entered', timeOf(watched, step.enteredAt, startedAt))}
${cell('State', html`<strong>${step.name}</strong>${step.resource && html`<span class="soft resource">${step.resource}</span>`}`)}
${cell('Result', howItStands(watched, step))}${cell('Duration', elapsed(end - step.enteredAt))}
${cell('Input', folded(step.input))}${cell('Output', html`${folded(step.output)}${errors}`)}</li>`;
}

const lines = (watched: Watched, steps: readonly ExecutionStep[], startedAt: number) =>
  html`<div class="card steps">${head(['Entered', 'State', 'Result', 'Duration', 'Input', 'Output and errors'])}
<ol>${steps.map((step) => stepLine(watched, step, startedAt))}</ol></div>`;

/** The newest first. */
export function stepList(watched: Watched, steps: readonly ExecutionStep[], startedAt: number): Html {
  const newest = steps.toReversed();
  const older = newest.slice(stepsShown);
  return html`${lines(watched, newest.slice(0, stepsShown), startedAt)}
${older.length > 0 ? html`<details><summary>${older.length} earlier steps</summary>${lines(watched, older, startedAt)}</details>` : undefined}`;
}

export function historyList(watched: Watched, events: readonly HistoryEvent[], startedAt: number): Html {
  const rows = events.map(
    ({ id, timestamp, type, details }) =>
      html`<li class="line">${cell('Id', id)}${cell('Time', timeOf(watched, timestamp, startedAt))}${cell('Event', type)}${cell('Details', folded(details && JSON.stringify(details)))}</li>`,
  );
  return html`<div class="card events">${head(['Id', 'Time', 'Event', 'Details'])}<ol>${rows}</ol></div>`;
}
