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

const bad = (status: number, text: string): Notice => ({ status, tone: 'bad', text });
const good = (text: string): Notice => ({ status: 200, tone: 'good', text });

export const problems = {
  formTooOld: bad(403, 'This page was open for too long, so nothing was recorded. Please answer again.'),
  noName: bad(400, 'Nothing was recorded. Enter your initials or your ID, then answer again.'),
  noPin: bad(400, 'Nothing was recorded. Enter all six digits of your PIN, then answer again.'),
  notRead: bad(400, 'Nothing was recorded. Read this page first, then answer again.'),
  sessionOver: bad(403, 'You are signed out, so nothing was recorded. Please enter your PIN again.'),
  noReason: bad(400, 'Nothing was recorded. Choose a reason for closing the alert.'),
  noColleague: bad(400, 'Nothing was recorded. Choose a colleague of the ward.'),
  notOfTheWard: bad(
    403,
    'Nothing was recorded. Your PIN is correct, but this page is for staff of this ward. Call the ward if you can help.',
  ),
  notAReader: bad(
    403,
    'Your PIN is correct, but reports are open only to doctors, leads and the quality team.',
  ),
};

export const signedOut = good('You are signed out. To go on, enter your PIN again.');

/** Said of a wrong PIN and of a wrong name alike, or the page would tell which names are right. */
const WRONG = 'That name and PIN do not match, so nothing was recorded.';

/** `left`: tries before the page is passed on; undefined when none passes it on. */
export function wrongPin(left?: number): Notice {
  if (left === undefined) return bad(403, WRONG);
  const tries = left === 1 ? 'one try' : `${left} tries`;
  return bad(403, `${WRONG} You have ${tries} left before the next person is paged.`);
}

type HospitalClock = Pick<RequestContext, 'roster' | 'now'>;

/** Whoever is not the addressee of a newest page. */
export function lockedOut(until: string, at: HospitalClock): string {
  return `${noPinUntil(until, at)} The person who was paged can still answer with their own PIN from the newest message.`;
}

export function lockedOutOfReport(until: string, at: HospitalClock): Notice {
  return bad(429, `${noPinUntil(until, at)} Please try again then.`);
}

function noPinUntil(until: string, { roster, now }: HospitalClock): string {
  return `Too many wrong PINs: no PIN is accepted here until ${clockTime(until, roster.zone, now)}.`;
}

/** Too many on this page, or for its addressee: it is passed on, unless somebody has it or it is over. */
export function passedOn(context: RequestContext, lockout: string | undefined): Notice {
  const why = lockout ?? 'Too many wrong PINs on this page. The correct one still works.';
  return bad(
    429,
    linkStateOf(context) === 'asking'
      ? `${why} ${askedByRole(context)} ${kindWords(context.alert).ifNearby}`
      : why,
  );
}

/** The tries of whoever guesses are used up, and an unknown browser cannot be told from the guesser's. */
export function onlyKnownBrowsers(until: string, { roster, now }: HospitalClock): string {
  return `Too many wrong PINs: until ${clockTime(until, roster.zone, now)} a PIN works here only on a phone or computer on which you or a colleague have answered before.`;
}

/** Worse than the form said: what is on the page now has to be read first. */
export function worseSince({ alert }: RequestContext): Notice {
  return bad(
    409,
    `The patient has got worse since you opened this page, so nothing was recorded. The alert is now: ${headlineOf(alert)}. Please answer again.`,
  );
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
    if (owned.standing.owner.clinicianId !== clinician.id) return good(`${has} You do not need to come.`);
    return bad(
      409,
      `Nothing was recorded: you have already accepted, and the ${kindWords(context.alert).what} is still yours. If you cannot go, ask a colleague to go now, or call the ward. ${has}`,
    );
  }
  if (linkStateOf(context) === 'earlierRound') return earlierRound;
  return good(
    `Recorded: you cannot come. ${askedByName(context)}${stillMine(context, clinician)} To take that back, open this link again.`,
  );
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
  return refused
    ? bad(409, `Nothing was recorded: you have given this alert up already, or do not have it. ${said}`)
    : good(`Recorded. ${said}`);
}

/** The owner of an earlier round answers for the patient until the present one has an owner. */
function stillMine({ alert }: RequestContext, clinician: Clinician): string {
  return responsible(alert)?.clinicianId === clinician.id
    ? ' You accepted earlier, so you remain responsible until somebody else accepts.'
    : '';
}

const earlierRound = bad(
  409,
  'Nothing was recorded: this link is from an earlier message. Open the newest message about this reference and answer there.',
);

/** `You accepted at 03:12. The recheck is at 03:27.` */
export function whoHasIt(alert: OwnedAlert, { roster, now }: HospitalClock, clinician: Clinician): string {
  const { owner, deadline } = alert.standing;
  const { clinicianId, role, acceptedAt } = owner;
  const mine = clinicianId === clinician.id;
  const who = mine ? 'You' : `${nameOf(roster, clinicianId)} (${role})`;
  const clock = (at: string) => clockTime(at, roster.zone, now);
  const asked = mine ? `: please ${kindWords(alert).toDo} by then` : '';
  const recheck =
    now < deadline ? `The recheck is at ${clock(deadline)}${asked}.` : 'The recheck is under way.';
  const isRechecked = ['patient', 'device'].includes(alertKindOf(alert.pk));
  const follows = isRechecked ? recheck : kindWords(alert).opensNext;
  return `${who} accepted at ${clock(acceptedAt)}. ${follows}`;
}
