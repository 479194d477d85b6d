/** Who is asked for an answer and why, by the alert as it stands: what a page says of it is what the workflow will do. */
import { type Alert, responsible } from '../alert/alert.ts';
import { onNextStep } from '../alert/move.ts';
import { type Responder, respondersOf } from '../alert/responders.ts';
import { sinceOf } from '../alert/words.ts';
import type { Clinician } from '../on-call/roster.ts';
import { clockTime } from '../web/time.ts';
import { kindWords } from './kind-words.ts';
import { nameOf, type RequestContext } from './request-context.ts';
import { pageWords } from './words.en.ts';

type WhoIsAsked =
  /** They were asked before, and have not said that they cannot come. */
  | { who: 'others'; people: Responder[] }
  /** These have not been asked yet, and are at once: the present step has nobody left, or they have come on call. */
  | { who: 'next'; people: Responder[] }
  /** Everyone was tried: they are called again after a pause. */
  | { who: 'everyone again' };

const words = pageWords.standing;

/** Up to as many are named. */
const NAMED = 3;

/** Who is asked while the alert waits for an answer. */
export function whoIsAsked({
  alert,
  roster,
  now,
}: Pick<RequestContext, 'alert' | 'roster' | 'now'>): WhoIsAsked {
  if (alert.standing.is === 'backingOff') return { who: 'everyone again' };
  const others = leftOf(alert, respondersOf(roster, alert, now));
  const unasked = others.filter(({ id }) => !alert.step.asked.includes(id));
  if (unasked.length > 0) return { who: 'next', people: unasked };
  if (others.length > 0) return { who: 'others', people: others };
  const goesOn = (from: Alert) => onNextStep(from, 'nobodyReached', now);
  for (let next = goesOn(alert); next; next = goesOn(next)) {
    const people = leftOf(next, respondersOf(roster, next, now));
    if (people.length > 0) return { who: 'next', people };
  }
  return { who: 'everyone again' };
}

/** In one or two sentences, for who gave a PIN: with names. */
export function askedByName(context: RequestContext): string {
  return inWords(context, ({ id, role }) => words.nameAndRole(nameOf(context.roster, id), role));
}

/** The same for whoever holds the link. */
export function askedByRole(context: RequestContext): string {
  return inWords(context, ({ role }) => words.theRole(role));
}

export function sinceWhen({ alert, roster, now }: RequestContext): string {
  return words.since(sinceOf(alert), clockTime(alert.arrivedAt, roster.zone, now));
}

/** To whom it was sent who has said no since, or whose time is up: the link takes their answer all the same. */
export function passedOnSince({ page, alert }: Pick<RequestContext, 'page' | 'alert'>): string | undefined {
  const said = alert.round.declined.includes(page.clinicianId);
  if (!said && alert.step.asked.includes(page.clinicianId)) return undefined;
  return words.passedOn;
}

/** Why the present round asks. `me`, who gave a PIN, reads who took it before; others read a role. */
export function asksWhy({ alert, roster, now }: RequestContext, me?: Clinician): string {
  const owner = responsible(alert);
  if (!owner) return words.nobodyYet;
  const mine = owner.clinicianId === me?.id;
  const before = mine ? words.you : me ? nameOf(roster, owner.clinicianId) : words.aRole(owner.role);
  const at = clockTime(owner.acceptedAt, roster.zone, now);
  const stays = mine ? ` ${words.youRemain}` : '';
  return `${words.acceptedBut(before, at, pageWords.askedAgain[alert.round.asking])}${stays}`;
}

function inWords(context: RequestContext, called: (person: Responder) => string): string {
  const asked = whoIsAsked(context);
  if (asked.who === 'everyone again') {
    const { nobodyLeft, ifNearby } = kindWords(context.alert);
    return words.nobodyLeft(nobodyLeft, ifNearby);
  }
  const { people } = asked;
  const names = [...new Set(people.map(called))];
  const listed = people.length <= NAMED ? names.join(', ') : words.people(people.length);
  return asked.who === 'others' ? words.waitingFor(listed) : words.beingPaged(people.length, listed);
}

/** Those who have not said that they cannot come, and can be reached. */
export function leftOf({ round, step }: Alert, people: readonly Responder[]): Responder[] {
  return people.filter(({ id }) => !round.declined.includes(id) && !step.unreachable.includes(id));
}
