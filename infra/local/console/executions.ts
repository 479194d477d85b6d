/** The executions, and one of them as the Step Functions console would show it: picture, steps, history. */
import type { Execution, StepFunctionsService } from '../services/step-functions/service.ts';
import { controls, holdStill } from './controls.ts';
import { type Html, html, page } from './html.ts';
import { classOf, picture, wordOf } from './picture.ts';
import { type Step, stepsOf } from './steps.ts';
import { clockTime, day, type View, type Watched } from './watched.ts';

const refreshSeconds = 3;
/** A night without an answer takes a hundred. */
const stepsShown = 20;

const statusClass: Record<Execution['status'], string> = {
  RUNNING: 'now',
  SUCCEEDED: 'ok',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'bad',
};
const statusTag = ({ status }: Execution) => html`<span class="tag ${statusClass[status]}">${status}</span>`;

/** e.g. `0.3 s`, `2 min 0 s`, `1 h 5 min`. */
function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const pathOf = ({ name }: Execution) => `/executions/${encodeURIComponent(name)}`;

export function executions(watched: Watched, view: View): string {
  const rows = [...watched.account.service<StepFunctionsService>('sfn').executions()]
    .reverse()
    .map(
      (one) =>
        html`<li><a href="${pathOf(one)}"><strong>${one.name}</strong>${statusTag(one)}<span class="soft">${one.machine.name}, ${day(watched, one.startDate)} <time>${clockTime(watched, one.startDate)}</time></span></a></li>`,
    );
  const list =
    rows.length > 0
      ? html`<ul class="list">${rows}</ul>`
      : html`<div class="card"><p><strong>None yet.</strong> Each alarming reading starts one.</p></div>`;
  return page({
    title: 'Executions',
    tab: '/executions',
    body: html`${controls(watched, view)}${list}${holdStill(view)}`,
    refreshSeconds: view.still ? undefined : refreshSeconds,
  });
}

function pretty(json: string | undefined): Html | undefined {
  if (json === undefined) return undefined;
  try {
    return html`<pre>${JSON.stringify(JSON.parse(json), null, 2)}</pre>`;
  } catch {
    return html`<pre>${json}</pre>`;
  }
}

/** What fits a line is shown, the rest on demand. */
function folded(json: string | undefined): Html | undefined {
  if (json === undefined || json.length <= 32) return html`${json}`;
  return html`<details><summary>${json.slice(0, 28)}...</summary>${pretty(json)}</details>`;
}

function stepRow(watched: Watched, step: Step): Html {
  const now = watched.account.clock.now();
  const errors = step.errors.map(
    ({ event, error, cause }) => html`<p class="caught"><strong>${error || event}</strong> ${cause}</p>`,
  );
  return html`<tr><td class="short"><time>${clockTime(watched, step.enteredAt)}</time></td><td class="short">${step.name}</td>
<td class="short ${classOf[step.standing]}">${wordOf[step.standing]}</td><td class="short">${duration((step.exitedAt ?? now) - step.enteredAt)}</td>
<td class="long">${folded(step.input)}</td><td class="long">${folded(step.output)}${errors}</td></tr>`;
}

function stepsTable(watched: Watched, steps: Step[]): Html {
  return html`<div class="wide card" role="region" aria-label="Steps" tabindex="0"><table><tr><th>Entered</th><th>State</th><th>Result</th><th>Duration</th><th>Input</th><th>Output and errors</th></tr>
${steps.map((step) => stepRow(watched, step))}</table></div>`;
}

function summary(watched: Watched, found: Execution, current: Step[]): Html {
  const end = found.stopDate ?? watched.account.clock.now();
  return html`<dl class="card"><dt>Status</dt><dd>${statusTag(found)}</dd>
${current.length > 0 ? html`<dt>Now in</dt><dd><strong class="now">${current.map(({ name }) => name).join(', ')}</strong></dd>` : undefined}
<dt>Started</dt><dd>${day(watched, found.startDate)} <time>${clockTime(watched, found.startDate)}</time></dd>
<dt>Duration</dt><dd>${duration(end - found.startDate)}</dd>
<dt>Workflow</dt><dd>${found.machine.name}</dd>
${found.error && html`<dt>Error</dt><dd class="bad">${found.error} ${found.cause}</dd>`}</dl>`;
}

/** Refreshes while it runs, unless it is held still: a fold that was opened would close. */
export function oneExecution(watched: Watched, view: View, name: string): string | undefined {
  const service = watched.account.service<StepFunctionsService>('sfn');
  const found = service.executions().findLast((candidate) => candidate.name === name);
  if (!found) return undefined;
  const events = service.history(found.executionArn);
  const told = stepsOf(found, events);
  const history = events.map(
    ({ id, timestamp, type, details }) =>
      html`<tr><td class="short">${id}</td><td class="short"><time>${clockTime(watched, timestamp)}</time></td><td class="short">${type}</td><td class="long">${folded(details && JSON.stringify(details))}</td></tr>`,
  );
  const steps = told.steps.toReversed();
  const running = found.status === 'RUNNING';
  const current = told.steps.filter(({ standing }) => standing === 'current');
  return page({
    title: found.name,
    tab: '/executions',
    body: html`${summary(watched, found, current)}
${picture(found.machine.definition, told)}
<h2>Steps, the newest first</h2>
${stepsTable(watched, steps.slice(0, stepsShown))}
${steps.length > stepsShown ? html`<details><summary>${steps.length - stepsShown} earlier steps</summary>${stepsTable(watched, steps.slice(stepsShown))}</details>` : undefined}
<h2>Input</h2>${pretty(found.input)}
<h2>Output</h2>${pretty(found.output) ?? html`<p class="soft">None yet.</p>`}
<details><summary>All ${events.length} events of the history</summary><div class="wide card" role="region" aria-label="History" tabindex="0"><table><tr><th>Id</th><th>Time</th><th>Event</th><th>Details</th></tr>${history}</table></div></details>
${running ? holdStill(view) : undefined}
${controls(watched, view)}`,
    refreshSeconds: running && !view.still ? refreshSeconds : undefined,
  });
}
