/** What a page says first, after something was tried: what became of it, and what to do now. */
import { headlines } from '../alert/mail.ts';
import type { Clinician } from '../on-call/roster.ts';
import { clockTime } from './time.ts';
import { nameOf, standingOf, type Visit } from './visit.ts';

export type Notice = { status: number; tone: 'good' | 'bad'; text: string };

const bad = (status: number, text: string): Notice => ({ status, tone: 'bad', text });
const good = (text: string): Notice => ({ status: 200, tone: 'good', text });

export const problems = {
  formTooOld: bad(403, 'This page was open for too long, so nothing was recorded. Please answer again.'),
  noName: bad(400, 'Choose your name first, then give your PIN.'),
  noPin: bad(400, 'Nothing was recorded: a PIN has six digits. Please answer again.'),
  sessionOver: bad(403, 'Ten minutes have passed, so nothing was recorded. Please give your PIN again.'),
  noReason: bad(400, 'Nothing was recorded: choose why the alert is closed.'),
};

export function wrongPin(left: number): Notice {
  const tries = left === 1 ? 'one try is' : `${left} tries are`;
  return bad(
    403,
    `That is not this person's PIN, so nothing was recorded. Check the name above the PIN; ${tries} left.`,
  );
}

/** While an answer is wanted, the lock has declined for the addressee; otherwise the page itself says how things stand. */
export function tooManyPins(visit: Visit, until: string): Notice {
  const asking = standingOf(visit) === 'asking';
  return locked(until, asking ? 'The next person is being asked. If you are near, go to the patient.' : '');
}

export function tooManyReportPins(until: string): Notice {
  return locked(until, 'Please try again then.');
}

function locked(until: string, next: string): Notice {
  return bad(429, `Too many wrong PINs: none is taken here until ${until}. ${next}`.trim());
}

/** Worse than the form said: what is on the page now has to be read first. */
export function worseSince({ alert }: Visit): Notice {
  return bad(
    409,
    `It has got worse since you opened this page, so nothing was recorded. It now reads: ${headlines[alert.worst]}. Please answer again.`,
  );
}

export function afterAccept(visit: Visit, me: Clinician, refused: string | undefined): Notice {
  if (refused === 'worse since') return worseSince(visit);
  if (refused === 'earlier round') return earlierRound;
  return good(whoHasIt(visit, me));
}

export function afterDecline(visit: Visit, me: Clinician, refused: string | undefined): Notice {
  if (refused === 'already owned') return good(whoHasIt(visit, me));
  if (refused === 'earlier round') return earlierRound;
  return good('Recorded: you cannot come. The next person is asked now.');
}

const earlierRound = bad(
  409,
  'Nothing was recorded: this link is from an earlier message. Open the newest message about this reference and answer there.',
);

/** e.g. `You have it since 03:12. It is rechecked at 03:27.` */
export function whoHasIt({ alert, roster, now }: Visit, me: Clinician): string {
  const { ownerId, ownerRole, acceptedAt, deadline } = alert;
  const mine = ownerId === me.id;
  const subject = mine ? 'You have' : `${nameOf(roster, ownerId ?? '')} (${ownerRole}) has`;
  const clock = (at: string) => clockTime(at, roster.zone, now);
  const asked = mine ? ', so please have the pressure measured again by then' : '';
  return `${subject} it since ${clock(acceptedAt ?? now)}. It is rechecked at ${clock(deadline)}${asked}.`;
}
