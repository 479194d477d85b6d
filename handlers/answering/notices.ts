/**
 * What a page says first, after something was tried: what became of it, and what to do now. All of it is read off the alert
 * as it stands after the write, never off the button that was pressed.
 */
import { headlines } from '../alert/mail.ts';
import type { Clinician } from '../on-call/roster.ts';
import type { Notice } from '../web/notice.ts';
import { clockTime } from '../web/time.ts';
import { askedByName, askedByRole, IF_NEARBY } from './asked.ts';
import { nameOf, pageStateOf, type RequestContext } from './request-context.ts';

const bad = (status: number, text: string): Notice => ({ status, tone: 'bad', text });
const good = (text: string): Notice => ({ status: 200, tone: 'good', text });

export const problems = {
  formTooOld: bad(403, 'This page was open for too long, so nothing was recorded. Please answer again.'),
  noName: bad(
    400,
    'Nothing was recorded: say who you are, with your initials or your ID. Please answer again.',
  ),
  noPin: bad(400, 'Nothing was recorded: a PIN has six digits. Please answer again.'),
  notRead: bad(400, 'Nothing was recorded: read what this page says, and then answer again.'),
  sessionOver: bad(403, 'You are signed out, so nothing was recorded. Please enter your PIN again.'),
  noReason: bad(400, 'Nothing was recorded: choose a reason for closing the alert.'),
  notOfTheWard: bad(
    403,
    'Nothing was recorded: your PIN is right, but this page is for the staff of this ward. Call the ward if you can help.',
  ),
  notAReader: bad(
    403,
    'Your PIN is right, but reports are for doctors, leads, and those who look after quality.',
  ),
};

export const signedOut = good('You are signed out. This page asks for your PIN again.');

/** Said of a wrong PIN and of a wrong name alike, or the page would tell which names are right. */
const WRONG = 'That name and PIN do not match, so nothing was recorded.';

/** `left`: tries before the page is passed on; undefined when none passes it on. */
export function wrongPin(left?: number): Notice {
  if (left === undefined) return bad(403, WRONG);
  const tries = left === 1 ? 'One try is' : `${left} tries are`;
  return bad(403, `${WRONG} ${tries} left before the next person is asked.`);
}

type HospitalClock = Pick<RequestContext, 'roster' | 'now'>;

/** Whoever is not the addressee of a newest page. */
export function lockedOut(until: string, at: HospitalClock): string {
  return `${noPinUntil(until, at)} Whoever was asked can answer from the newest message: there, their own PIN still works.`;
}

export function lockedOutOfReport(until: string, at: HospitalClock): Notice {
  return bad(429, `${noPinUntil(until, at)} Please try again then.`);
}

function noPinUntil(until: string, { roster, now }: HospitalClock): string {
  return `Too many wrong PINs: no PIN is accepted here until ${clockTime(until, roster.zone, now)}.`;
}

/** Too many on this page, or for its addressee: it is passed on, unless somebody has it or it is over. */
export function passedOn(context: RequestContext, lockout: string | undefined): Notice {
  const why = lockout ?? 'Too many wrong PINs on this page. The right one still works.';
  return bad(429, pageStateOf(context) === 'asking' ? `${why} ${askedByRole(context)} ${IF_NEARBY}` : why);
}

/** The tries of whoever guesses are used up, and an unknown browser cannot be told from the guesser's. */
export function onlyKnownBrowsers(until: string, { roster, now }: HospitalClock): string {
  return `Too many wrong PINs: until ${clockTime(until, roster.zone, now)} a PIN works here only on a phone or computer that you or a colleague have used to answer before.`;
}

/** Worse than the form said: what is on the page now has to be read first. */
export function worseSince({ alert }: RequestContext): Notice {
  return bad(
    409,
    `It has got worse since you opened this page, so nothing was recorded. It now reads: ${headlines[alert.worst]}. Please answer again.`,
  );
}

export function afterAccept(context: RequestContext, me: Clinician, refused: string | undefined): Notice {
  const state = pageStateOf(context);
  if (state === 'owned') return good(whoHasIt(context, me));
  return refused === 'worseSince' ? worseSince(context) : earlierRound;
}

export function afterDecline(context: RequestContext, me: Clinician): Notice {
  const state = pageStateOf(context);
  if (state === 'owned') {
    if (context.alert.owner?.clinicianId !== me.id)
      return good(`${whoHasIt(context, me)} You need not come.`);
    return bad(
      409,
      `Nothing was recorded: you have accepted, and you still have it. If you cannot see to the patient, ask a colleague to go now, or call the ward. ${whoHasIt(context, me)}`,
    );
  }
  if (state === 'earlierRound') return earlierRound;
  return good(`Recorded: you cannot come. ${askedByName(context)}${stillMine(context, me)}`);
}

/** The owner of an earlier round answers for the patient until the present one has an owner. */
function stillMine({ alert }: RequestContext, me: Clinician): string {
  return alert.owner?.clinicianId === me.id
    ? ' You took it before, so it stays with you until somebody takes it over.'
    : '';
}

const earlierRound = bad(
  409,
  'Nothing was recorded: this link is from an earlier message. Open the newest message about this reference and answer there.',
);

/** Of an alert that is owned in its present round. `You have had it since 03:12. It will be rechecked at 03:27.` */
export function whoHasIt({ alert, roster, now }: RequestContext, me: Clinician): string {
  const { owner, standing } = alert;
  if (!owner || standing.is !== 'owned') return '';
  const { clinicianId, role, acceptedAt } = owner;
  const { deadline } = standing;
  const mine = clinicianId === me.id;
  const subject = mine ? 'You have' : `${nameOf(roster, clinicianId)} (${role}) has`;
  const clock = (at: string) => clockTime(at, roster.zone, now);
  const asked = mine ? ', so please have the pressure measured again by then' : '';
  const recheck =
    now < deadline ? `It will be rechecked at ${clock(deadline)}${asked}.` : 'It is being rechecked now.';
  return `${subject} had it since ${clock(acceptedAt)}. ${recheck}`;
}
