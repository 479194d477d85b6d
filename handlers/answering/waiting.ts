/** While an answer is waited for: how many were asked and when, and how long until somebody else is. Numbers and roles, no names. */
import type { OpenAlert } from '../alert/alert.ts';
import { isOpen } from '../alert/alert.ts';
import type { AlertEventType, EventOf } from '../alert/event.ts';
import { onNextStep } from '../alert/move.ts';
import { type Responder, respondersOf } from '../alert/responders.ts';
import type { Clinician } from '../on-call/roster.ts';
import { secondsUntil } from '../time/instant.ts';
import { clockSeconds, clockTime } from '../web/time.ts';
import { askedByName, askedByRole, leftOf, whoIsAsked } from './asked.ts';
import { kindWords } from './kind-words.ts';
import type { RequestContext } from './request-context.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.standing;

/** With one of these a round begins. */
const beginnings: AlertEventType[] = ['raised', 'interrupted', 'rechecked', 'handedOver', 'givenBack'];

/** Whose mails went out in this round, step by step; undefined when none is remembered. The first may be forgotten. */
export function askedSoFar({ alert, roster, now }: RequestContext): string | undefined {
  const { events, round } = alert;
  const steps = new Map<number, EventOf<'paged'>[]>();
  for (const event of events) {
    if (event.type !== 'paged' || event.step.round !== round.number) continue;
    steps.set(event.step.id, [...(steps.get(event.step.id) ?? []), event]);
  }
  if (steps.size === 0) return undefined;
  const isWhole = events.some(({ type }) => beginnings.includes(type));
  const asked = [...steps.values()].map((mails) => stepInWords(mails, roster.zone, now));
  return words.asked(asked, isWhole);
}

/** `2 nurses and 1 doctor at 03:00`. */
function stepInWords(mails: readonly EventOf<'paged'>[], zone: string, now: string): string {
  const roles = new Map(
    mails.flatMap(({ pages }) => pages.map(({ clinicianId, role }) => [clinicianId, role])),
  );
  const counted = [...new Set(roles.values())].map((role) => {
    const count = [...roles.values()].filter((one) => one === role).length;
    return words.counted(count, role);
  });
  const [first] = mails;
  const again = first !== undefined && first.step.attempt > 0;
  return words.askedAt(counted, again, clockTime(first?.at ?? now, zone, now));
}

/** Who is asked next, and when that is; or who is at this moment: by name for `me`, who gave a PIN. */
export function whoIsNext(context: RequestContext, me?: Clinician): string {
  const { alert, roster, now } = context;
  if (!isOpen(alert) || whoIsAsked(context).who !== 'others')
    return (me ? askedByName : askedByRole)(context);
  const { what, at } = nextAfter(alert, context);
  if (at <= now) return words.timeIsUp(what);
  const left = inMinutes(secondsUntil(at, now));
  return words.ifNobody(what, clockTime(at, roster.zone, now), left, clockSeconds(now, roster.zone));
}

/** By the alert as it moves on each time that nobody has answered: reminders to those who were asked are no news. */
function nextAfter(alert: OpenAlert, { roster }: RequestContext): { what: string; at: string } {
  const { lastLevel, afterLastLevel } = kindWords(alert);
  let { deadline: at } = alert.standing;
  if (alert.step.escalationLevel === 'everyone') return { what: afterLastLevel, at };
  let next = onNextStep(alert, 'timeIsUp', at);
  while (next && next.step.escalationLevel !== 'everyone') {
    const people = leftOf(next, respondersOf(roster, next, at));
    const others = people.filter(({ id }) => alert.round.pages[id] === undefined);
    if (others.length > 0) return { what: areAsked(others), at };
    const because = people.length > 0 ? 'timeIsUp' : 'nobodyOnCall';
    if (because === 'timeIsUp') at = next.standing.deadline;
    next = onNextStep(next, because, at);
  }
  return { what: lastLevel, at };
}

function areAsked(people: readonly Responder[]): string {
  return words.areAsked([...new Set(people.map(({ role }) => role))]);
}

/** `2 min 5 s`. */
function inMinutes(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
