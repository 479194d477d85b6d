/** What must hold in every state, whatever happened: decisions/0022, as far as one patient's alert can break it. */
import {
  type Alert,
  isOpen,
  isOwned,
  operationsWebhook,
  responsible,
} from '../../../../handlers/alert/alert.ts';
import { assess, isWorseThanAnnounced } from '../../../../handlers/alert/assess.ts';
import { isAnswered, toStandDown } from '../../../../handlers/alert/called.ts';
import { levelSeconds } from '../../../../handlers/alert/escalation-levels.ts';
import { isLetGo } from '../../../../handlers/alert/stand-down.ts';
import { isWorse } from '../../../../handlers/clinical/severity.ts';
import { later } from '../../../../handlers/time/instant.ts';
import { ladderOf } from '../../../../handlers/timings/timings.ts';
import { type Action, respondersOf } from './lines.ts';
import { ofPager } from './pager.ts';
import type { World } from './world.ts';

/** What the step from `before` to `after` broke; undefined when nothing. */
export function violation(before: World, after: World): string | undefined {
  return (
    ofReadings(after) ??
    ofSetAside(before, after) ??
    ofStep(before, after) ??
    ofWaiting(after) ??
    ofNews(after) ??
    ofWithdrawal(after) ??
    ofCarrier(before, after) ??
    ofWakes(before, after) ??
    ofTold(before, after) ??
    ofPager(before, after) ??
    ofGivingUp(before, after)
  );
}

/** Nothing sticks: what is overdue is found by an execution, or by the sweeper. */
export function stuckness({ alert, claims, now }: World, actions: readonly Action[]): string | undefined {
  const claim = claims.findIndex((it) => it.status === 'unfulfilled' && it.dueAt <= now);
  const due = alert?.standing.dueAt ?? null;
  const open = due !== null && due <= now;
  if (claim < 0 && !open) return undefined;
  const goesOn = actions.some(
    ({ name }) => /^the sweeper|: (?!is killed)/.test(name) && !name.startsWith('the clock'),
  );
  if (goesOn) return undefined;
  return open ? 'an alert sticks' : `reading ${claim} sticks`;
}

/** 1 and 2: no critical reading is lost, and none is raised twice. */
function ofReadings({ claims, taken, now }: World): string | undefined {
  if (taken.some((times) => times > 1)) return 'a reading was taken twice';
  for (const [number, claim] of claims.entries()) {
    if (claim.status === 'fulfilled' && taken[number] === 0)
      return `reading ${number} counts as taken, and is not`;
    if (claim.status === 'unfulfilled' && claim.dueAt > later(now, 60)) return `reading ${number} is not due`;
  }
  return undefined;
}

/** 3: a reading is set aside only when a newer trusted one exists, and then for good. */
function ofSetAside({ claims: before }: World, { claims, taken, recent }: World): string | undefined {
  for (const [number, claim] of claims.entries()) {
    if (before[number]?.status === 'superseded' && claim.status !== 'superseded')
      return `reading ${number} was set aside, and is raised`;
    if (claim.status !== 'superseded') continue;
    if (taken[number] !== 0) return `reading ${number} was set aside, and was taken`;
    if (!recent.some(({ measuredAt }) => measuredAt > claim.measuredAt))
      return `reading ${number} was set aside, and none is newer`;
  }
  return undefined;
}

/** 4, 5, 6, 8: how an alert may go on. */
function ofStep({ alert: before, recent }: World, { alert, now }: World): string | undefined {
  if (!alert || !before || alert === before) return undefined;
  if (alert.seq !== before.seq + 1) return 'seq skips or repeats';
  if (alert.alertId !== before.alertId)
    return before.standing.is === 'closed' ? undefined : 'a second alert of one patient';
  const event = alert.events.at(-1);
  if (!isOpen(before)) {
    const recorded =
      event && ['paged', 'operationsTold', 'stoodDown', 'waiting', 'resumed'].includes(event.type);
    return recorded && !isOpen(alert) ? undefined : 'a closed alert was written';
  }
  if (isWorse(before.worst, alert.worst)) return 'the worst level was forgotten';
  if (alert.round.number < before.round.number) return 'a round came back';
  if (responsible(before) && !responsible(alert)) return 'nobody is responsible any more';
  if (
    before.standing.is === 'owned' &&
    alert.standing.is === 'waiting' &&
    alert.round.number === before.round.number
  )
    return 'an owned round asks again';
  if (event?.type === 'accepted') {
    if (before.standing.is === 'owned') return 'a round has a second owner';
    if (responsible(alert)?.round !== alert.round.number) return 'the owner is of another round';
  }
  if (alert.standing.is === 'closed' && alert.standing.reason === 'recovered') {
    if (before.announced !== before.worst || isWorseThanAnnounced(before))
      return 'closed over news that nobody had heard';
    const since = recent.filter(({ measuredAt }) => measuredAt > (responsible(before)?.attendedAt ?? '9'));
    if (since.at(-1)?.severity !== 'normal') return 'closed without a good reading since somebody came';
    if ((since.at(-1)?.measuredAt ?? '') <= before.alarmedAt)
      return 'closed by a reading older than the alarm';
  }
  const sameStep =
    alert.round.number === before.round.number &&
    alert.step.escalationLevel === before.step.escalationLevel &&
    alert.step.attempt === before.step.attempt;
  if (sameStep && isOpen(alert) && alert.standing.is === before.standing.is) {
    if (alert.standing.deadline > before.standing.deadline) return 'a wait was prolonged';
  }
  const moved = event && 'because' in event && 'escalationLevel' in event ? event : undefined;
  if (moved?.because === 'timeIsUp' && now < before.standing.deadline)
    return 'moved on before the time was up';
  const wasAlone = before.round.handedTo !== null;
  if (
    moved &&
    !wasAlone &&
    moved.because !== 'timeIsUp' &&
    sameLevel(moved.escalationLevel, before.step.escalationLevel)
  )
    return 'a failure asked the same people again';
  return undefined;
}

/** 10: whoever was called and need not come is told once, nobody else is, and until all know it is due. */
function ofTold(before: World, { alert, told, mails, toldInVain, now }: World): string | undefined {
  if (!alert) return undefined;
  if (alert.standing.is === 'closed' && toStandDown(alert, now).length > 0 && alert.standing.dueAt === null)
    return 'it is over, and somebody may never hear of it';
  const event = alert.events.at(-1);
  const isGone = alert !== before.alert && event?.type === 'stoodDown' && isLetGo(event);
  if (isGone && before.alert && toStandDown(before.alert, now).length > 0)
    return 'somebody could still be told, and is let go';
  for (const whom of told.slice(before.told.length)) {
    // What a pager hears, and how often, is in pager.ts.
    if (whom === operationsWebhook) continue;
    if (!isAnswered(alert)) return `${whom} is told not to come, and nobody has it`;
    if (isOwned(alert) && responsible(alert)?.clinicianId === whom)
      return `${whom} has it, and is told not to come`;
    if (alert.standing.is === 'closed' && alert.standing.clinicianId === whom)
      return `${whom} closed it, and is told so`;
    const called = mails.filter((mail) => mail.whom === whom).length;
    if (called === 0) return `${whom} was never called, and is told not to come`;
    if (told.filter((one) => one === whom).length > called + toldInVain) return `${whom} is told once more`;
  }
  return undefined;
}

/** 6: only who has it gives it up, in the round that they have, and stays responsible. */
function ofGivingUp({ alert: before }: World, { alert, answered }: World): string | undefined {
  const event = alert?.events.at(-1);
  if (!alert || !before || alert === before) return undefined;
  if (event?.type !== 'handedOver' && event?.type !== 'givenBack') return undefined;
  if (!isOwned(before) || before.standing.owner.clinicianId !== event.clinicianId)
    return `${event.clinicianId} gives up what somebody else has`;
  if (answered && answered.round !== before.round.number) return 'given up by a link of an earlier round';
  if (isOwned(alert) || alert.round.number !== before.round.number + 1) return 'nobody is asked to take it';
  const to = event.type === 'handedOver' ? event.to : undefined;
  if (respondersOf(alert).some(({ id }) => (to ? id !== to : id === event.clinicianId && !sameRoles(alert))))
    return 'others than the next are asked';
  return undefined;
}

const sameRoles = (alert: Alert) => alert.step.escalationLevel === 'everyone';

const sameLevel = (a: string, b: string) => a === b && a !== 'everyone';

/** 4: an open alert is always due, and no wait is longer than its level grants. */
function ofWaiting({ alert, now }: World): string | undefined {
  if (!alert || !isOpen(alert)) return undefined;
  const { standing, step, worst, timings } = alert;
  const longest =
    standing.is === 'owned'
      ? ladderOf({ worst: worst === alert.announced ? worst : 'critical', timings }).recheckSeconds
      : Math.max(levelSeconds(ladderOf(alert), step.escalationLevel, step.attempt), 60);
  const latest = later(now, longest);
  if (standing.is !== 'owned' && alert.announced === null && standing.deadline > latest)
    return 'the first page has more time than its level grants';
  const end = standing.deadline > now ? standing.deadline : now;
  if (standing.dueAt > later(end, 60)) return 'the sweeper would come too late';
  return undefined;
}

/** 7: worse news is heard within a minute, and with each fault a minute later. */
function ofNews({ alert, newsSince, now, faults }: World): string | undefined {
  if (!alert || !isOpen(alert) || newsSince === undefined) return undefined;
  const { dueAt } = alert.standing;
  if (dueAt > later(newsSince, 60 * (faults + 2)) && dueAt > later(now, 60))
    return 'worse news waits for a timer';
  return undefined;
}

/** What stands on nothing that is not withdrawn knows it; what stands on anything else does not say so. */
function ofWithdrawal({ alert, claims, withdrawn, takingBack }: World): string | undefined {
  if (!alert || !isOpen(alert) || takingBack.length > 0) return undefined;
  const parts = claims.flatMap((claim, number) =>
    claim.status === 'fulfilled' && claim.alertId === alert.alertId ? [number] : [],
  );
  const isLeft = parts.some((number) => !withdrawn.includes(number));
  if (alert.withdrawal !== null && isLeft)
    return 'an alert stands on a reading, and says that it was withdrawn';
  return alert.withdrawal === null && !isLeft ? 'nobody hears that all readings are withdrawn' : undefined;
}

/** 6: only the execution that carries the alert moves it, and nobody accepts or closes what they have not read. */
function ofCarrier(before: World, after: World): string | undefined {
  const { alert } = after;
  const event = alert?.events.at(-1);
  if (!alert || !event || !before.alert || alert === before.alert) return undefined;
  const writer = before.executions.find(
    ({ at, intent }) =>
      at === 'write' && intent?.happened.type === event.type && intent.command !== undefined,
  );
  if (writer && before.executions.filter(({ at }) => at === 'write').length === 1) {
    const carried = before.alert.executionName === writer.name;
    const byWriter = ![
      'accepted',
      'declined',
      'handedOver',
      'givenBack',
      'resumed',
      'raised',
      'joined',
      'withdrawn',
    ].includes(event.type);
    if (byWriter && !carried && !(event.type === 'closed' && event.clinicianId !== null))
      return 'moved by an execution that does not carry it';
  }
  if (
    event.type === 'joined' &&
    event.takenOverBy === null &&
    isOpen(before.alert) &&
    before.alert.standing.dueAt <= event.at
  )
    return 'a stuck alert was joined, and not taken over';
  if (event.type === 'asking') {
    const missed = respondersOf(alert).filter(
      ({ id }) =>
        !alert.step.asked.includes(id) &&
        !alert.step.unreachable.includes(id) &&
        !alert.round.declined.includes(id),
    );
    if (missed.length > 0) return `${missed[0]?.id} was not asked`;
  }
  if (event.type === 'accepted' && alert.announced !== alert.worst)
    return 'what the owner has read counts as news';
  const { answered } = after;
  if (event.type === 'accepted' && answered && answered.round !== before.alert.round.number)
    return 'answered by a link of an earlier round';
  if (answered?.shownLevel && isWorse(before.alert.worst, answered.shownLevel))
    return 'answered without having read how bad it is';
  return undefined;
}

/** 6, 7: whoever waits for what has become something else is woken, and does not wait for a timer. */
function ofWakes(
  before: World,
  { alert, executions, wakes, token, recent, now, faults }: World,
): string | undefined {
  if (!alert || alert === before.alert || faults > 0) return undefined;
  const waiting = executions.find(
    (it) => it.at === 'waiting' && it.name === alert.executionName && it.token === token,
  );
  if (!waiting?.seen || now >= waiting.seen.deadline || wakes.includes(waiting.token)) return undefined;
  const asked = { executionName: waiting.name, alertId: alert.alertId };
  const { next } = assess(alert, asked, { responders: respondersOf(alert), recent }, now);
  return next === waiting.seen.next ? undefined : `nobody hears that the next thing is: ${next}`;
}
