/** Who is asked for an answer and why, by the alert as it stands: what a page says of it is what the workflow will do. */
import { type Alert, responsible } from '../alert/alert.ts';
import { onNextStep } from '../alert/move.ts';
import { type Responder, respondersOf } from '../alert/responders.ts';
import { sinceOf } from '../alert/words.ts';
import type { Clinician } from '../on-call/roster.ts';
import { clockTime } from '../web/time.ts';
import { kindWords } from './kind-words.ts';
import { nameOf, type RequestContext } from './request-context.ts';

type WhoIsAsked =
  /** They were asked before, and have not said that they cannot come. */
  | { who: 'others'; people: Responder[] }
  /** These have not been asked yet, and are at once: the present step has nobody left, or they have come on call. */
  | { who: 'next'; people: Responder[] }
  /** Everyone was tried: they are called again after a pause. */
  | { who: 'everyone again' };

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
  return inWords(context, ({ id, role }) => `${nameOf(context.roster, id)} (${role})`);
}

/** The same for whoever holds the link. */
export function askedByRole(context: RequestContext): string {
  return inWords(context, ({ role }) => `the ${role}`);
}

export function sinceWhen({ alert, roster, now }: RequestContext): string {
  return `${sinceOf(alert)} ${clockTime(alert.arrivedAt, roster.zone, now)}.`;
}

/** To whom it was sent who has said no since, or whose time is up: the link takes their answer all the same. */
export function passedOnSince({ page, alert }: Pick<RequestContext, 'page' | 'alert'>): string | undefined {
  const said = alert.round.declined.includes(page.clinicianId);
  if (!said && alert.step.asked.includes(page.clinicianId)) return undefined;
  return 'This message has been passed on to the next person. You can still accept.';
}

/** Why the present round asks. `me`, who gave a PIN, reads who took it before; others read a role. */
export function asksWhy({ alert, roster, now }: RequestContext, me?: Clinician): string {
  const owner = responsible(alert);
  if (!owner) return 'Nobody has accepted yet.';
  const mine = owner.clinicianId === me?.id;
  const before = mine ? 'You' : me ? nameOf(roster, owner.clinicianId) : `A ${owner.role}`;
  const at = clockTime(owner.acceptedAt, roster.zone, now);
  const stays = mine ? ' You remain responsible until somebody else accepts.' : '';
  return `${before} accepted at ${at}, but ${askedAgain[alert.round.asking]}, so another answer is needed.${stays}`;
}

const askedAgain: Record<Alert['round']['asking'], string> = {
  page: 'it is not over',
  worse: 'the patient has got worse since',
  moved: 'the patient has been moved since',
  recheck: 'the recheck was still alarming',
  withdrawn: 'the reading behind it has been withdrawn since',
  repeat: 'there has been no usable reading since',
  handedOver: 'a colleague is asked to take over',
  givenBack: 'cannot stay with it',
};

function inWords(context: RequestContext, called: (person: Responder) => string): string {
  const asked = whoIsAsked(context);
  if (asked.who === 'everyone again') {
    const { nobodyLeft, ifNearby } = kindWords(context.alert);
    return `Nobody else is left to page: ${nobodyLeft}. ${ifNearby}`;
  }
  const { people } = asked;
  const names = [...new Set(people.map(called))];
  const listed = people.length <= NAMED ? names.join(', ') : `${people.length} people on the ward`;
  if (asked.who === 'others') return `Waiting for an answer from ${listed}.`;
  return people.length === 1
    ? `The next person is being paged now: ${listed}.`
    : `The next people are being paged now: ${listed}.`;
}

/** Those who have not said that they cannot come, and can be reached. */
export function leftOf({ round, step }: Alert, people: readonly Responder[]): Responder[] {
  return people.filter(({ id }) => !round.declined.includes(id) && !step.unreachable.includes(id));
}
