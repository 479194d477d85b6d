/** The list of executions, as the Step Functions console has it. */

import { type Html, html } from '../../../../handlers/web/html.ts';
import type { Execution, StepFunctionsService } from '../../services/step-functions/service.ts';
import { controls, holdStill, refreshOf } from './controls.ts';
import { elapsed } from './format.ts';
import { consolePage } from './page.ts';
import { addressOf, day, timeOfDay, type View, type Watched } from './watched.ts';

/** Each reading that joins an alert is one more. */
const executionsShown = 50;

const statusClass: Record<Execution['status'], string> = {
  RUNNING: 'current',
  SUCCEEDED: 'ok',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'stopped',
};

export const statusTag = ({ status }: Execution) =>
  html`<span class="tag ${statusClass[status]}">${status}</span>`;

/** In the list, one that only joined an alert says so, since each further reading of a patient makes one. */
function listTag(one: Execution): Html {
  const { outcome, reference } = JSON.parse(one.output ?? '{}') ?? {};
  return outcome === 'joined'
    ? html`<span class="tag stopped">joined ${reference ?? 'no alert'}</span>`
    : statusTag(one);
}

const all = ({ account }: Watched) => account.service<StepFunctionsService>('sfn').executions();

/** The executions of a name, the newest first: it is free again after 90 days. */
export const namesakes = (watched: Watched, name: string) =>
  all(watched)
    .filter((one) => one.name === name)
    .reverse();

/** Where it is shown; its start tells it from others of its name. */
export function addressOfExecution(watched: Watched, execution: Execution): string {
  const { name, startDate } = execution;
  const path = `/executions/${encodeURIComponent(name)}`;
  return namesakes(watched, name)[0] === execution ? path : `${path}?started=${startDate}`;
}

export function lasted(watched: Watched, { startDate, stopDate }: Execution): string {
  return elapsed((stopDate ?? watched.account.clock.now()) - startDate);
}

function filters(watched: Watched, view: View, chosen: string | undefined): Html {
  const link = (status: string | undefined, label: string) =>
    html`<a href="${addressOf(view, { status })}"${status === chosen ? html` aria-current="true"` : undefined}>${label}</a>`;
  const counts = Map.groupBy(all(watched), ({ status }) => status);
  const some = Object.keys(statusClass).filter(
    (status) => counts.has(status as Execution['status']) || status === chosen,
  );
  return html`<p class="filters" role="group" aria-label="Status">${link(undefined, `All ${all(watched).length}`)}${some.map((status) => link(status, `${status} ${counts.get(status as Execution['status'])?.length ?? 0}`))}</p>`;
}

export function executions(watched: Watched, view: View): string {
  const chosen = Object.keys(statusClass).find((status) => status === view.query.get('status'));
  const wanted = all(watched)
    .filter(({ status }) => chosen === undefined || status === chosen)
    .toReversed();
  const older = view.query.has('all') ? 0 : wanted.length - executionsShown;
  const rows = wanted
    .slice(0, older > 0 ? executionsShown : undefined)
    .map(
      (one) =>
        html`<li><a href="${addressOfExecution(watched, one)}"><strong>${one.name}</strong>${listTag(one)}<span class="soft">${one.machine.name}, ${day(watched, one.startDate)} <time>${timeOfDay(watched, one.startDate)}</time>, ${lasted(watched, one)}</span></a></li>`,
    );
  const list =
    rows.length > 0
      ? html`<ul class="list">${rows}</ul>`
      : html`<div class="card"><p><strong>None yet.</strong> Each alarming reading starts one.</p></div>`;
  return consolePage({
    title: 'Executions',
    tab: '/executions',
    body: html`${controls(watched, view)}${filters(watched, view, chosen)}${list}
${older > 0 ? html`<p><a href="${addressOf(view, { all: '' })}">Show ${older} older ones too</a></p>` : undefined}${holdStill(view)}`,
    refreshSeconds: refreshOf(watched, view, true),
  });
}
