/** What must hold of every walk, whatever went wrong on it. */
import { isOpen, isOwned } from '../../../handlers/alert/alert.ts';
import { mostSeconds } from '../../../handlers/timings/worst-case.ts';
import { outlastsRetries } from './incidents.ts';
import { failureIn } from './outcomes.ts';
import type { Walked } from './walker.ts';

/** The sweeper comes each minute, and finds what is due since; what it raises writes within seconds. */
const sweptWithinMs = 75_000;

type Rule = (walked: Walked) => string | undefined;

/** Every alert ends closed, every execution ends, and no reading is left that was promised to be raised. */
const ends: Rule = ({ isOver, claimed, executions, written }) => {
  if (isOver) return undefined;
  const running = executions.filter(({ status }) => status === 'RUNNING').length;
  return `it does not end: ${written.at(-1)?.alert.standing.is ?? 'no alert'}, ${running} running, ${claimed} claims`;
};

/** A person answers, or the operations hear of it, within the time that is promised. */
const isHeardInTime: Rule = ({ path, startedAt, written, toldOperationsAt }) => {
  if (path.opens === 'device') return undefined;
  const answeredAt = written.find(({ alert }) => alert.events.at(-1)?.type === 'accepted')?.at;
  const heardAt = Math.min(answeredAt ?? Number.POSITIVE_INFINITY, ...toldOperationsAt);
  const most = mostSeconds[path.opens];
  return heardAt > startedAt + most * 1000 ? `neither person nor alarm within ${most} s` : undefined;
};

/** Nothing is overdue for longer than the sweeper takes. */
const nothingSticks: Rule = ({ written }) => {
  for (const [index, { alert }] of written.entries()) {
    const next = written[index + 1];
    const { dueAt } = alert.standing;
    if (!next || dueAt === null || next.at <= Date.parse(dueAt) + sweptWithinMs) continue;
    return `after "${alert.events.at(-1)?.type}" nothing for ${(next.at - Date.parse(dueAt)) / 1000} s more than it was due`;
  }
  return undefined;
};

/** Whoever is waited for has a mail, or somebody has who can answer all the same. */
const nobodyIsWaitedForWithoutMail: Rule = ({ written, mails }) => {
  for (const [index, { alert, at }] of written.entries()) {
    const until = written[index + 1]?.at ?? at;
    if (!isOpen(alert) || isOwned(alert) || alert.step.asked.length === 0) continue;
    // Where everyone was tried, or a mail waits for its turn, there is none yet.
    if (alert.standing.is === 'backingOff' || Object.keys(alert.step.turns).length > 0) continue;
    // A function that hangs is given its time, and then once more.
    if (until - at < 65_000) continue;
    const begun = written.find((one) => one.alert.step.id === alert.step.id)?.at ?? at;
    const hasMail = mails.some(
      (mail) => mail.at >= begun && mail.at < until && mail.subject.includes(alert.reference),
    );
    if (!hasMail)
      return `nobody has a mail while ${alert.step.escalationLevel} is waited for, ${(until - at) / 1000} s`;
  }
  return undefined;
};

/** No reading is in two alerts, one alert of a patient is open at a time, and no event is missing. */
const onceEach: Rule = ({ written }) => {
  const readings = new Map<string, string>();
  for (const [index, { alert }] of written.entries()) {
    const before = written[index - 1]?.alert;
    if (before && alert.seq !== before.seq + 1) return `event ${alert.seq} follows ${before.seq}`;
    if (before && before.alertId !== alert.alertId && isOpen(before)) return 'two alerts are open at once';
    const event = alert.events.at(-1);
    if ((event?.type !== 'raised' && event?.type !== 'joined') || event.readingId === null) continue;
    const known = readings.get(event.readingId);
    if (known) return `the reading ${event.readingId} is raised twice`;
    readings.set(event.readingId, alert.alertId);
  }
  return undefined;
};

/** One owner a round: who accepts does so in a round that nobody has. */
const oneOwner: Rule = ({ written }) => {
  const taken = written.find(
    ({ alert }, index) =>
      alert.events.at(-1)?.type === 'accepted' &&
      written[index - 1] &&
      isOwned((written[index - 1] as (typeof written)[0]).alert),
  );
  return taken ? 'a round that has an owner is accepted once more' : undefined;
};

/** What the definition tries again ends no execution, and a page that fails ends none at all. */
const failsOnlyWhatMust: Rule = ({ incidents, executions }) => {
  const outlasts = incidents.length > 1 || incidents.some(outlastsRetries);
  for (const { history } of executions) {
    const failed = failureIn(history.events);
    if (failed && (!outlasts || /^(Page|Tell) /.test(failed.state)))
      return `the execution ends in "${failed.state}" with ${failed.error}`;
  }
  return undefined;
};

/** Where nothing went wrong, everybody who was called and need not come has heard so. */
const whoNeedNotComeIsTold: Rule = ({ incidents, written }) => {
  const left = written.at(-1)?.alert.called.whom ?? [];
  return incidents.length === 0 && left.length > 0
    ? `${left.join(', ')} never heard that it is over`
    : undefined;
};

const rules: Rule[] = [
  whoNeedNotComeIsTold,
  ends,
  isHeardInTime,
  nothingSticks,
  nobodyIsWaitedForWithoutMail,
  onceEach,
  oneOwner,
  failsOnlyWhatMust,
];

/** What does not hold of it. */
export function problemsIn(walked: Walked): string[] {
  return rules.map((rule) => rule(walked)).filter((problem) => problem !== undefined);
}
