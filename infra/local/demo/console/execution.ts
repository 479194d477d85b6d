/** One execution as the Step Functions console would show it: picture, steps, history. */

import { type Html, html } from '../../../../handlers/web/html.ts';
import type { Execution } from '../../services/step-functions/service.ts';
import { controls, holdStill, refreshOf } from './controls.ts';
import { mailsAbout } from './correspondence.ts';
import { addressOfExecution, lasted, namesakes, statusTag } from './executions.ts';
import { pretty } from './format.ts';
import { mailList } from './mailbox.ts';
import { consolePage } from './page.ts';
import { picture } from './picture.ts';
import { historyList, stepList } from './step-list.ts';
import { type ExecutionStep, stepsOf } from './steps.ts';
import { addressOf, day, exactTime, isStill, timeOfDay, type View, type Watched } from './watched.ts';

/** Each of an alert's many passes writes some more. */
const mailsShown = 5;

function inProgress(watched: Watched, steps: readonly ExecutionStep[]): Html | undefined {
  const current = steps
    .filter(({ status }) => status === 'current')
    .map(
      ({ name, waitsUntil }) =>
        html`<strong class="current">${name}</strong>${waitsUntil !== undefined ? ` until ${timeOfDay(watched, waitsUntil)}` : undefined} `,
    );
  return current.length > 0 ? html`<dt>Now in</dt><dd>${current}</dd>` : undefined;
}

function summary(watched: Watched, found: Execution, steps: readonly ExecutionStep[]): Html {
  return html`<dl class="card"><dt>Status</dt><dd>${statusTag(found)}</dd>
${inProgress(watched, steps)}
<dt>Started</dt><dd>${day(watched, found.startDate)} <time>${exactTime(watched, found.startDate)}</time></dd>
<dt>Duration</dt><dd>${lasted(watched, found)}</dd>
<dt>Workflow</dt><dd>${found.machine.name}</dd>
<dt>ARN</dt><dd>${found.executionArn}</dd>
${found.error && html`<dt>Error</dt><dd class="bad">${found.error} ${found.cause}</dd>`}</dl>`;
}

function mails(watched: Watched, found: Execution): Html | undefined {
  const about = mailsAbout(watched, found);
  const more = about.length - mailsShown;
  if (about.length === 0) return undefined;
  return html`<h2>Its mails, the newest first</h2>${mailList(watched, about.slice(0, mailsShown))}
${more > 0 ? html`<p class="soft">And ${more} older ones: <a href="/mails">all mails</a></p>` : undefined}`;
}

/** Others of the same name. */
function others(watched: Watched, found: Execution): Html | undefined {
  const links = namesakes(watched, found.name)
    .filter((one) => one !== found)
    .map(
      (one) =>
        html`<a href="${addressOfExecution(watched, one)}">${day(watched, one.startDate)} ${timeOfDay(watched, one.startDate)}</a> `,
    );
  return links.length > 0 ? html`<p>Other executions of this name: ${links}</p>` : undefined;
}

/** Refreshes while it runs, unless it is held still: a fold that was opened would close. */
export function oneExecution(watched: Watched, view: View, name: string): string | undefined {
  const same = namesakes(watched, name);
  const started = view.query.get('started');
  const found = started === null ? same[0] : same.find(({ startDate }) => String(startDate) === started);
  if (!found) return undefined;
  const { events } = found.history;
  const ran = stepsOf(found, events);
  const refreshSeconds = refreshOf(watched, view, found.status === 'RUNNING');
  return consolePage({
    title: found.name,
    tab: '/executions',
    body: html`${summary(watched, found, ran.steps)}${others(watched, found)}
${picture(found.machine.definition, ran, refreshSeconds ? addressOf(view, { still: '' }) : '')}
<h2>Steps, the newest first</h2>
${stepList(watched, ran.steps, found.startDate)}
${mails(watched, found)}
<h2>Input</h2>${pretty(found.input)}
<h2>Output</h2>${pretty(found.output) ?? html`<p class="soft">None yet.</p>`}
<details><summary>All ${events.length} events of the history</summary>${historyList(watched, events, found.startDate)}</details>
${refreshSeconds || isStill(view) ? holdStill(view) : undefined}
${controls(watched, view)}`,
    refreshSeconds,
  });
}
