/** The clock and its buttons: a form that posts and comes back. It has only what works at the moment. */

import { type Html, html } from '../../../../handlers/web/html.ts';
import type { StepFunctionsService } from '../../services/step-functions/service.ts';
import { paces } from './conductor.ts';
import { mailsAbout } from './correspondence.ts';
import { nextReportAt } from './report-time.ts';
import { type Waiting, waitingExecutions } from './waiting.ts';
import { addressOf, day, dayAndTime, isStill, timeOfDay, type View, type Watched } from './watched.ts';

const hourMs = 3_600_000;
/** The next report is at most a day away, and takes some minutes. */
const longestHurryMs = 25 * hourMs;
/** After a deadline the next mail takes up to three seconds. */
const afterDeadlineMs = 4000;

type Action = (watched: Watched) => unknown;

const sfnOf = ({ account }: Watched) => account.service<StepFunctionsService>('sfn');

const reportsOf = (watched: Watched) =>
  sfnOf(watched)
    .executions()
    .filter(({ machine, status }) => machine.name.endsWith('nightly-report') && status !== 'RUNNING').length;

/** e.g. `Thu 06:20`. */
const reportTime = (watched: Watched) =>
  dayAndTime(watched, nextReportAt(watched.account.clock.now(), watched.hospital.zone));

const actions: Record<string, Action> = {
  deadline(watched) {
    const [next] = waitingExecutions(sfnOf(watched));
    if (next)
      return watched.conductor.hurry(timeOfDay(watched, next.deadline), next.deadline + afterDeadlineMs);
  },
  next({ conductor, account, told }) {
    const before = told();
    return conductor.hurry('the next event', account.clock.now() + longestHurryMs, () => told() > before);
  },
  async report(watched) {
    const { conductor, account } = watched;
    const before = reportsOf(watched);
    const target = reportTime(watched);
    await conductor.hurry(target, account.clock.now() + longestHurryMs, () => reportsOf(watched) > before);
    // Its mail is on the way.
    if (reportsOf(watched) > before) await conductor.hurry(target, account.clock.now() + afterDeadlineMs);
  },
  pause: ({ conductor }) => conductor.pause(),
  resume({ conductor }) {
    conductor.paused = false;
  },
  critical: (watched) => watched.conductor.ask(() => watched.sendCritical()),
  ...Object.fromEntries(
    paces.map((pace) => [
      `pace-${pace}`,
      ({ conductor }: Watched) => {
        conductor.pace = pace;
        conductor.paused = false;
      },
    ]),
  ),
};

/** The action of a button; undefined when there is none of that name. */
export function buttonAction(name: string | null): Action | undefined {
  return name !== null && Object.hasOwn(actions, name) ? actions[name] : undefined;
}

/** What a page waits for, with the way to its newest mail. */
function pageWaits(watched: Watched, { execution, deadline }: Waiting): Html {
  const [newest] = mailsAbout(watched, execution);
  const what = html`<strong class="current">A page is waiting for an answer</strong>`;
  return html`${newest ? html`<a href="/mails/${newest.index}">${what}</a>` : what} until ${timeOfDay(watched, deadline)}`;
}

function situation(watched: Watched): Html {
  const { conductor } = watched;
  if (conductor.errand) return html`<strong>Fast-forwarding to ${conductor.errand} ...</strong>`;
  const [next] = waitingExecutions(sfnOf(watched)).sort((a, b) => Number(b.forAnswer) - Number(a.forAnswer));
  const what = next
    ? next.forAnswer
      ? pageWaits(watched, next)
      : html`Accepted; recheck at ${timeOfDay(watched, next.deadline)}`
    : html`Nothing is waiting for an answer`;
  return html`${what}${conductor.paused ? html`, <strong>paused</strong>` : html`, ${conductor.speed}x`}`;
}

const paceNames: Record<string, string> = { auto: 'Auto' };

export function controls(watched: Watched, view: View): Html {
  const { conductor, account } = watched;
  const press = (action: string, label: string, pressed?: boolean) =>
    html`<button name="action" value="${action}"${pressed === undefined ? undefined : html` aria-pressed="${String(pressed)}"`}>${label}</button>`;
  const [next] = waitingExecutions(sfnOf(watched));
  const ways = conductor.errand
    ? [press('pause', 'Stop here'), press('critical', 'Send a critical reading')]
    : [
        next && press('deadline', `Let the deadline pass (${timeOfDay(watched, next.deadline)})`),
        press('next', 'Next event'),
        press('report', `To the report (${reportTime(watched)})`),
        press('critical', 'Send a critical reading'),
      ];
  const pace = html`<fieldset aria-label="Pace">${press(conductor.paused ? 'resume' : 'pause', conductor.paused ? 'Resume' : 'Pause')}
${paces.map((one) => press(`pace-${one}`, paceNames[one] ?? `${one}x`, conductor.pace === one))}</fieldset>`;
  return html`<section class="card controls" aria-label="Clock">
<div class="clock"><b>${timeOfDay(watched, account.clock.now())}</b><span class="soft">${day(watched, account.clock.now())}, virtual time</span><span>${situation(watched)}</span></div>
<form method="post" action="/console" class="buttons"><input type="hidden" name="back" value="${addressOf(view)}">
${ways}${conductor.errand ? undefined : pace}
</form></section>`;
}

const refreshSeconds = 3;

/** After how many seconds a page asks for itself again: one whose content changes, and any while the clock hurries. */
export function refreshOf({ conductor }: Watched, view: View, changes: boolean): number | undefined {
  return (changes || conductor.errand !== undefined) && !isStill(view) ? refreshSeconds : undefined;
}

/** Pages that ask for themselves again can be held still (WCAG 2.2.2). */
export function holdStill(view: View): Html {
  return isStill(view)
    ? html`<p class="soft">This page is held still. <a href="${addressOf(view, { still: undefined })}">Let it refresh again</a></p>`
    : html`<p class="soft">This page refreshes by itself. <a href="${addressOf(view, { still: '' })}">Hold it still</a></p>`;
}
