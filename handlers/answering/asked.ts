/** Who is asked for an answer and why, by the alert as it stands: what a page says of it is what Look will do. */
import type { Alert } from '../alert/alert.ts';
import { louder } from '../alert/ladder.ts';
import type { Person } from '../alert/look.ts';
import { peopleAddressed } from '../alert/people.ts';
import type { Clinician } from '../on-call/roster.ts';
import { clockTime } from './time.ts';
import { nameOf, type Visit } from './visit.ts';

type Asked =
  /** They were asked before, and have not said that they cannot come. */
  | { who: 'others'; people: Person[] }
  /** These have not been asked yet, and are at once: the present step has nobody left, or they have come on call. */
  | { who: 'next'; people: Person[] }
  /** Everyone was tried: they are called again after a pause. */
  | { who: 'everyone again' };

/** Up to as many are named. */
const NAMED = 3;

/** Who is asked while the alert waits for an answer. */
function whoIsAsked({ alert, roster, now }: Pick<Visit, 'alert' | 'roster' | 'now'>): Asked {
  if (alert.resting) return { who: 'everyone again' };
  const others = leftOf(alert, peopleAddressed(roster, alert, now));
  const unasked = others.filter(({ id }) => !alert.asked.includes(id));
  if (unasked.length > 0) return { who: 'next', people: unasked };
  if (others.length > 0) return { who: 'others', people: others };
  let step = alert;
  while (step.rung !== 'everyone') {
    const rung = louder(step.rung, step.worst);
    // As a step begins: whoever could not be reached is tried again, and everyone is everyone.
    step = { ...step, rung, unreachable: [], declined: rung === 'everyone' ? [] : step.declined };
    const people = leftOf(step, peopleAddressed(roster, step, now));
    if (people.length > 0) return { who: 'next', people };
  }
  return { who: 'everyone again' };
}

/** In one or two sentences, for who gave a PIN: with names. */
export function askedByName(visit: Visit): string {
  return inWords(visit, ({ id, role }) => `${nameOf(visit.roster, id)} (${role})`);
}

/** The same for whoever holds the link. */
export function askedByRole(visit: Visit): string {
  return inWords(visit, ({ role }) => `the ${role}`);
}

export function sinceWhen({ alert, roster, now }: Visit): string {
  return `Since ${clockTime(alert.arrivedAt, roster.zone, now)}.`;
}

/** Why the present round asks. `me`, who gave a PIN, reads who took it before; others read a role. */
export function asksWhy({ alert, roster, now }: Visit, me?: Clinician): string {
  if (alert.ownerId === null) return 'Nobody has taken it yet.';
  const mine = alert.ownerId === me?.id;
  const before = mine ? 'You' : me ? nameOf(roster, alert.ownerId) : `A ${alert.ownerRole}`;
  const at = clockTime(alert.acceptedAt ?? now, roster.zone, now);
  const stays = mine ? ' Until somebody takes it over, it stays with you.' : '';
  return `${before} took it at ${at}, but ${askedAgain[alert.asking]}: it is asked for again.${stays}`;
}

const askedAgain: Record<Alert['asking'], string> = {
  page: 'it is not over',
  worse: 'it has got worse since',
  moved: 'the patient lies elsewhere now',
  recheck: 'it still alarms',
  repeat: 'no good measurement has come since',
};

function inWords(visit: Visit, called: (person: Person) => string): string {
  const asked = whoIsAsked(visit);
  if (asked.who === 'everyone again') {
    return 'Nobody else is left to ask: everyone on the ward is called again in about a minute. If you are near, go to the patient.';
  }
  const { people } = asked;
  const names = [...new Set(people.map(called))];
  const listed = people.length <= NAMED ? names.join(', ') : `${people.length} people of the ward`;
  if (asked.who === 'others') return `Still asked: ${listed}.`;
  return people.length === 1
    ? `The next person is asked now. That is ${listed}.`
    : `The next people are asked now: ${listed}.`;
}

function leftOf({ declined, unreachable }: Alert, people: readonly Person[]): Person[] {
  return people.filter(({ id }) => !declined.includes(id) && !unreachable.includes(id));
}
