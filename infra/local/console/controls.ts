/** The clock and its buttons: each is a form of its own that posts and comes back. */
import { paces } from '../live/conductor.ts';
import { waitingExecutions } from '../live/waiting.ts';
import type { StepFunctionsService } from '../services/step-functions/service.ts';
import { type Html, html } from './html.ts';
import { clockTime, day, type View, type Watched } from './watched.ts';

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

const actions: Record<string, Action> = {
  deadline(watched) {
    const [next] = waitingExecutions(sfnOf(watched));
    if (next) return watched.conductor.hurry('the deadline', next.deadline + afterDeadlineMs);
  },
  next({ conductor, account, told }) {
    const before = told();
    return conductor.hurry('the next event', account.clock.now() + longestHurryMs, () => told() > before);
  },
  async report(watched) {
    const { conductor, account } = watched;
    const before = reportsOf(watched);
    await conductor.hurry(
      'the report',
      account.clock.now() + longestHurryMs,
      () => reportsOf(watched) > before,
    );
    // Its mail is on the way.
    if (reportsOf(watched) > before)
      await conductor.hurry('the report', account.clock.now() + afterDeadlineMs);
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
export function actionOf(name: string | null): Action | undefined {
  return name !== null && Object.hasOwn(actions, name) ? actions[name] : undefined;
}

function situation(watched: Watched): Html {
  const { conductor } = watched;
  const [next] = waitingExecutions(sfnOf(watched)).sort((a, b) => Number(b.forAnswer) - Number(a.forAnswer));
  if (conductor.errand) return html`Running to ${conductor.errand}...`;
  const what = next
    ? next.forAnswer
      ? html`<strong class="now">A page waits for an answer</strong> until ${clockTime(watched, next.deadline)}`
      : html`Somebody has it; recheck at ${clockTime(watched, next.deadline)}`
    : html`Nothing waits for an answer`;
  return html`${what}${conductor.paused ? html`, <strong>paused</strong>` : html`, ${conductor.speed}x`}`;
}

export function controls(watched: Watched, view: View): Html {
  const { conductor, account } = watched;
  const press = (action: string, label: string, pressed?: boolean) =>
    html`<button name="action" value="${action}"${pressed === undefined ? undefined : html` aria-pressed="${pressed}"`}>${label}</button>`;
  const waiting = waitingExecutions(sfnOf(watched)).length > 0;
  const paceNames: Record<string, string> = { auto: 'Auto' };
  return html`<section class="card" aria-label="Clock">
<div class="clock"><b>${clockTime(watched, account.clock.now())}</b><span class="soft">${day(watched, account.clock.now())}, virtual time</span><span>${situation(watched)}</span></div>
<form method="post" action="/console" class="buttons"><input type="hidden" name="back" value="${view.path}">
${waiting ? press('deadline', 'Let the deadline pass') : undefined}
${press('next', 'Next event')}
${press('report', 'To the report')}
${press('critical', 'Send a critical reading')}
<fieldset aria-label="Pace">${conductor.paused || conductor.errand === undefined ? press(conductor.paused ? 'resume' : 'pause', conductor.paused ? 'Resume' : 'Pause') : press('pause', 'Stop here')}
${paces.map((pace) => press(`pace-${pace}`, paceNames[pace] ?? `${pace}x`, conductor.pace === pace))}</fieldset>
</form></section>`;
}

/** Pages that ask for themselves again can be held still (WCAG 2.2.2). */
export function holdStill({ path, still }: View): Html {
  return still
    ? html`<p class="soft">This page is held still. <a href="${path}">Let it refresh again</a></p>`
    : html`<p class="soft">This page refreshes by itself. <a href="${path}?still">Hold it still</a></p>`;
}
