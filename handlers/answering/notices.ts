/**
 * What a page says first, after something was tried: what became of it, and what to do now. All of it is read off the alert
 * as it stands after the write, never off the button that was pressed.
 */
import { isOwned, type OwnedAlert, responsible } from '../alert/alert.ts';
import { alertKindOf } from '../alert/alert-key.ts';
import { headlineOf } from '../alert/words.ts';
import type { Clinician } from '../on-call/roster.ts';
import type { Notice } from '../web/notice.ts';
import { clockTime } from '../web/time.ts';
import { askedByName, askedByRole } from './asked.ts';
import { kindWords } from './kind-words.ts';
import { linkStateOf, nameOf, ownedOn, type RequestContext } from './request-context.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.notices;

const bad = (status: number, text: string): Notice => ({ status, tone: 'bad', text });
const good = (text: string): Notice => ({ status: 200, tone: 'good', text });

export const problems = {
  formTooOld: bad(403, words.formTooOld),
  noName: bad(400, words.noName),
  noPin: bad(400, words.noPin),
  notRead: bad(400, words.notRead),
  sessionOver: bad(403, words.sessionOver),
  noReason: bad(400, words.noReason),
  noColleague: bad(400, words.noColleague),
  notOfTheWard: bad(403, words.notOfTheWard),
  notAReader: bad(403, words.notAReader),
};

export const signedOut = good(words.signedOut);

/**
 * Of a wrong PIN and of a wrong name alike, or the page would tell which names are right. `left`: tries before the page is passed
 * on; undefined when none passes it on.
 */
export function wrongPin(left?: number): Notice {
  if (left === undefined) return bad(403, words.wrong);
  return bad(403, words.wrongWithTriesLeft(left));
}

type HospitalClock = Pick<RequestContext, 'roster' | 'now'>;

/** Whoever is not the addressee of a newest page. */
export function lockedOut(until: string, at: HospitalClock): string {
  return `${noPinUntil(until, at)} ${words.addresseeStillCan}`;
}

export function lockedOutOfReport(until: string, at: HospitalClock): Notice {
  return bad(429, `${noPinUntil(until, at)} ${words.tryThen}`);
}

function noPinUntil(until: string, { roster, now }: HospitalClock): string {
  return words.noPinUntil(clockTime(until, roster.zone, now));
}

/** Too many on this page, or for its addressee: it is passed on, unless somebody has it or it is over. */
export function passedOn(context: RequestContext, lockout: string | undefined): Notice {
  const why = lockout ?? words.tooManyHere;
  return bad(
    429,
    linkStateOf(context) === 'asking'
      ? `${why} ${askedByRole(context)} ${kindWords(context.alert).ifNearby}`
      : why,
  );
}

/** The tries of whoever guesses are used up, and an unknown browser cannot be told from the guesser's. */
export function onlyKnownBrowsers(until: string, { roster, now }: HospitalClock): string {
  return words.onlyKnownBrowsers(clockTime(until, roster.zone, now));
}

/** Worse than the form said: what is on the page now has to be read first. */
export function worseSince({ alert }: RequestContext): Notice {
  return bad(409, words.worseSince(headlineOf(alert)));
}

export function afterAccept(
  context: RequestContext,
  clinician: Clinician,
  refused: string | undefined,
): Notice {
  const owned = ownedOn(context);
  if (owned) return good(whoHasIt(owned, context, clinician));
  return refused === 'worseSince' ? worseSince(context) : earlierRound;
}

export function afterDecline(context: RequestContext, clinician: Clinician): Notice {
  const owned = ownedOn(context);
  if (owned) {
    const has = whoHasIt(owned, context, clinician);
    if (owned.standing.owner.clinicianId !== clinician.id)
      return good(`${has} ${pageWords.standing.needNotCome}`);
    return bad(409, `${words.stillYours(kindWords(context.alert).what)} ${has}`);
  }
  if (linkStateOf(context) === 'earlierRound') return earlierRound;
  return good(`${words.declined} ${askedByName(context)}${stillMine(context, clinician)} ${words.takeBack}`);
}

/** After a hand-over, or after the alert was given back. */
export function afterGivingUp(
  context: RequestContext,
  clinician: Clinician,
  refused: string | undefined,
): Notice {
  const { alert } = context;
  const has = isOwned(alert) ? whoHasIt(alert, context, clinician) : askedByName(context);
  const said = `${has}${isOwned(alert) ? '' : stillMine(context, clinician)}`;
  return refused ? bad(409, `${words.notYoursAnyMore} ${said}`) : good(`${words.recorded} ${said}`);
}

/** The owner of an earlier round answers for the patient until the present one has an owner. */
function stillMine({ alert }: RequestContext, clinician: Clinician): string {
  return responsible(alert)?.clinicianId === clinician.id ? ` ${words.stillResponsible}` : '';
}

const earlierRound = bad(409, words.earlierRound);

/** `You accepted at 03:12. The recheck is at 03:27.` */
export function whoHasIt(alert: OwnedAlert, { roster, now }: HospitalClock, clinician: Clinician): string {
  const { owner, deadline } = alert.standing;
  const { clinicianId, role, acceptedAt } = owner;
  const mine = clinicianId === clinician.id;
  const { you, nameAndRole, recheckAt, recheckByYou, recheckNow, accepted } = pageWords.standing;
  const who = mine ? you : nameAndRole(nameOf(roster, clinicianId), role);
  const clock = (at: string) => clockTime(at, roster.zone, now);
  const ahead = mine ? recheckByYou(clock(deadline), kindWords(alert).toDo) : recheckAt(clock(deadline));
  const isRechecked = ['patient', 'device'].includes(alertKindOf(alert.pk));
  const recheck = now < deadline ? ahead : recheckNow;
  return `${accepted(who, clock(acceptedAt))} ${isRechecked ? recheck : kindWords(alert).opensNext}`;
}
