/**
 * What a page says, sentence by sentence, held against the alert as it stands: written apart from the pages, by what the
 * workflow would do next. A sentence that nobody has thought about is an error.
 */
import { type Alert, isOpen as isOpenAlert, isOwned, responsible } from '../../../handlers/alert/alert.ts';
import { assess } from '../../../handlers/alert/assess.ts';
import { closingReasonWords } from '../../../handlers/alert/closing-reasons.ts';
import { type AlertCommand, decide } from '../../../handlers/alert/decide.ts';
import type { Page } from '../../../handlers/alert/page.ts';
import { respondersOf } from '../../../handlers/alert/responders.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { after as afterwards, newPageIds } from '../alert/builders.ts';

export type Scene = {
  roster: Roster;
  now: string;
  page: Page;
  /** Before and after what was pressed. */
  before: Alert;
  after: Alert;
  /** Who gave a right PIN; undefined on a page before it. */
  clinician: string | undefined;
};

/** The alert when the workflow has assessed and moved it until somebody is waited for, or nobody can be. */
export function settled(alert: Alert, roster: Roster, now: string): Alert {
  let present = alert;
  for (let steps = 0; steps < 12; steps++) {
    const command = nextOf(present, roster, now);
    const decided = command && decide(present, { ...command, alertId: present.alertId }, now);
    if (!decided || 'refused' in decided) return present;
    present = afterwards(present, decided, now);
    if (command.type === 'ask') return present;
  }
  throw new Error('The workflow goes round in circles');
}

/** What the workflow does of itself, without a person: it pages, or moves on. */
function nextOf(alert: Alert, roster: Roster, now: string): AlertCommand | undefined {
  const { executionName, alertId } = alert;
  const responders = respondersOf(roster, alert, now);
  const assessment = assess(alert, { executionName, alertId }, { responders, recent: [] }, now);
  const { next, round, escalationLevel, attempt, level, deadline } = assessment;
  const seen = { executionName, round, escalationLevel, attempt, level, deadline };
  if (next === 'Move to the next step') return { type: 'moveOn', seen, because: assessment.because };
  if (!next.startsWith('Page ')) return undefined;
  return { type: 'ask', seen, responders, sighting: undefined, newPageIds };
}

const nameOf = ({ roster }: Scene, id: string | null) => roster.clinicians.find((one) => one.id === id)?.name;
const roleOf = ({ roster }: Scene, id: string | null) => roster.clinicians.find((one) => one.id === id)?.role;
const clock = (at: string | undefined) => at?.slice(11, 16);

const isOpen = ({ after, page }: Scene) => isOpenAlert(after) && after.alertId === page.alertId;
/** Who has it in the round that the patient's alert is in. */
const owner = ({ after }: Scene) => (isOwned(after) ? after.standing.owner.clinicianId : null);
const formerOwner = ({ after }: Scene) => (isOwned(after) ? null : (responsible(after)?.clinicianId ?? null));
const asks = (scene: Scene) =>
  isOpen(scene) && !owner(scene) && scene.page.round === scene.after.round.number;
/** In whatever round, also when the page is of an earlier one. */
const asksSomebody = (scene: Scene) => isOpen(scene) && !owner(scene);
/** Another round asks by now. */
const isEarlier = (scene: Scene) => isOpen(scene) && scene.page.round < scene.after.round.number;
const unchanged = ({ before, after }: Scene) => before.seq === after.seq;
const closed = ({ after }: Scene) => (after.standing.is === 'closed' ? after.standing : undefined);
const deadline = ({ after }: Scene) => (isOpenAlert(after) ? after.standing.deadline : undefined);

/** Whoever the next step of the workflow asks who was not asked in this one. */
function newlyAsked({ after, roster, now }: Scene): string[] {
  const then = settled(after, roster, now).step;
  const { step } = after;
  const same = then.escalationLevel === step.escalationLevel && then.attempt === step.attempt;
  return then.asked.filter((id) => !(same && step.asked.includes(id)));
}

function stillAsked({ after }: Scene): string[] {
  const { asked, unreachable } = after.step;
  return asked.filter((id) => !after.round.declined.includes(id) && !unreachable.includes(id));
}

/** When the workflow, left alone, asks somebody who has no page in this round, or everyone. */
function askedNext({ after, roster }: Scene): { at: string; people: string[] | 'everyone'; again: boolean } {
  const again = after.step.escalationLevel === 'everyone';
  for (let present = after; ; ) {
    const at = isOpenAlert(present) ? present.standing.deadline : '';
    present = settled(present, roster, at);
    const people = Object.keys(present.round.pages).filter((id) => after.round.pages[id] === undefined);
    if (present.step.escalationLevel === 'everyone') return { at, people: 'everyone', again };
    if (people.length > 0) return { at, people, again };
  }
}

/** Names after the PIN, roles before it, or how many. */
function isListOf(scene: Scene, ids: readonly string[], text: string | undefined): boolean {
  if (ids.length > 3) return text === `${ids.length} people on the ward`;
  const called = ids.map((id) =>
    scene.clinician ? `${nameOf(scene, id)} (${roleOf(scene, id)})` : `the ${roleOf(scene, id)}`,
  );
  return [...new Set(called)].sort().join() === text?.split(', ').sort().join();
}

type Truth = (scene: Scene, words: string[]) => boolean;

const truths: [says: RegExp, isTrue: Truth][] = [
  [
    /^You accepted at (..:..)\.$/,
    (s, [at]) => owner(s) === s.clinician && !!s.clinician && at === clock(responsible(s.after)?.acceptedAt),
  ],
  [
    /^(.+) \((\w+)\) accepted at (..:..)\.$/,
    (s, [name, role, at]) =>
      owner(s) !== s.clinician &&
      name === nameOf(s, owner(s)) &&
      role === responsible(s.after)?.role &&
      at === clock(responsible(s.after)?.acceptedAt),
  ],
  [
    /^A (\w+) accepted at (..:..)\.$/,
    (s, [role]) => owner(s) !== null && role === responsible(s.after)?.role,
  ],
  [
    /^The recheck is at (..:..)(: please .+ by then)?\.$/,
    (s, [at, please]) =>
      owner(s) !== null && at === clock(deadline(s)) && !!please === (owner(s) === s.clinician),
  ],
  [/^You do not need to come\.$/, (s) => owner(s) !== null && owner(s) !== s.clinician],
  [/^You do not need to do anything\.$/, (s) => owner(s) !== null && owner(s) !== s.page.clinicianId],
  [/^If that is you, have the pressure measured again\.$/, (s) => owner(s) === s.page.clinicianId],
  [/^With your PIN you can see the details, or close the alert\.$/, isOpen],
  [
    /^Recorded: you cannot come\.$/,
    (s) => asks(s) && !!s.clinician && s.after.round.declined.includes(s.clinician),
  ],
  [
    /^The next person is being paged now: (.+)\.$/,
    (s, [who]) => asksSomebody(s) && newlyAsked(s).length === 1 && isListOf(s, newlyAsked(s), who),
  ],
  [
    /^The next people are being paged now: (.+)\.$/,
    (s, [who]) => asksSomebody(s) && newlyAsked(s).length > 1 && isListOf(s, newlyAsked(s), who),
  ],
  [
    /^If nobody answers, (.+) (?:is|are) asked( again)? at (..:..), in (?:(\d+) min ?)?(?:(\d+) s)? ?\(as of (..:..:..)\)\.$/,
    (s, [who, again, at, minutes = '0', seconds = '0', asOf]) => {
      const then = askedNext(s);
      const left = (Date.parse(then.at) - Date.parse(s.now)) / 1000;
      return (
        asksSomebody(s) &&
        at === clock(then.at) &&
        60 * Number(minutes) + Number(seconds) === left &&
        asOf === s.now.slice(11, 19) &&
        (then.people === 'everyone'
          ? who === 'everyone on the ward' && !!again === then.again
          : who === [...new Set(then.people.map((id) => `the ${roleOf(s, id)}`))].join(' and '))
      );
    },
  ],
  [
    /^This message has been passed on to the next person\.$/,
    ({ page, after }) =>
      after.round.declined.includes(page.clinicianId) || !after.step.asked.includes(page.clinicianId),
  ],
  [/^You can still accept\.$/, asks],
  [/^To take that back, open this link again\.$/, asks],
  [
    /^Waiting for an answer from (.+)\.$/,
    (s, [who]) => asksSomebody(s) && newlyAsked(s).length === 0 && isListOf(s, stillAsked(s), who),
  ],
  [
    /^Nobody else is left to page: everyone on the ward will be paged again in about a minute\.$/,
    (s) => asksSomebody(s) && settled(s.after, s.roster, s.now).standing.is === 'backingOff',
  ],
  [/^If you are nearby, go to the patient\.$/, asksSomebody],
  [/^It stays yours until somebody else accepts\.$/, (s) => !!s.clinician && owner(s) === s.clinician],
  [/^This link is from an earlier message\.$/, isEarlier],
  [/^Things have changed since\.$/, isEarlier],
  [
    /^To answer, open the newest message about this reference(: this link is from an earlier one)?\.$/,
    isEarlier,
  ],
  [/^With your PIN you can see the details here\.$/, isEarlier],
  [/^Nothing was recorded: this link is from an earlier message\.$/, (s) => unchanged(s) && isEarlier(s)],
  [/^Open the newest message about this reference and answer there\.$/, isEarlier],
  [/^Recorded\.$/, (s) => !unchanged(s) && asksSomebody(s) && formerOwner(s) === s.clinician],
  [
    /^Nothing was recorded: you have given this alert up already, or do not have it\.$/,
    (s) => unchanged(s) && owner(s) !== s.clinician,
  ],
  [
    /^(You|.+) accepted at (..:..), but .+, so another answer is needed\.$/,
    (s, [who, at]) => {
      const former = formerOwner(s);
      const called = !s.clinician
        ? `A ${roleOf(s, former)}`
        : former === s.clinician
          ? 'You'
          : nameOf(s, former);
      return isOpen(s) && former !== null && who === called && at === clock(responsible(s.after)?.acceptedAt);
    },
  ],
  [
    /^(You accepted earlier, so you|You) remain responsible until somebody else accepts\.$/,
    (s) => !!s.clinician && formerOwner(s) === s.clinician,
  ],
  [/^Nobody has accepted yet\.$/, (s) => asks(s) && responsible(s.after) === null],
  [/^You said that you cannot come\.$/, (s) => !!s.clinician && s.after.round.declined.includes(s.clinician)],
  [/^Alarming since (..:..)\.$/, (s, [at]) => at === clock(s.after.arrivedAt)],
  [
    /^Nothing was recorded: you have already accepted, and the patient is still yours\.$/,
    (s) => unchanged(s) && owner(s) === s.clinician,
  ],
  [/^If you cannot go, ask a colleague to go now, or call the ward\.$/, (s) => owner(s) === s.clinician],
  [/^That name and PIN do not match, so nothing was recorded\.$/, unchanged],
  [
    /^You have (\w+) (?:try|tries) left before the next person is paged\.$/,
    (s, [left]) =>
      asks(s) &&
      !s.after.round.declined.includes(s.page.clinicianId) &&
      left === ['', 'one', '2', '3', '4'][5 - s.page.wrongPins],
  ],
  [/^Too many wrong PINs on this page\.$/, (s) => s.page.wrongPins >= 5],
  [/^The correct one still works\.$/, isOpen],
  [/^You closed this alert$/, (s) => !isOpen(s) && closed(s)?.clinicianId === s.clinician && !unchanged(s)],
  [
    /^Closed at (..:..): (.+)\.$/,
    (s, [at, why]) => {
      const { at: closedAt, reason = 'recovered' } = closed(s) ?? {};
      return at === clock(closedAt) && why === closingReasonWords[reason];
    },
  ],
  [/^The next alarming reading from this patient opens a new alert\.$/, (s) => !isOpen(s)],
  [/^You can close this page\.$/, (s) => !isOpen(s)],
  [/^This alert is closed$/, (s) => !isOpen(s)],
  [/^It was closed at (..:..)\.$/, (s, [at]) => at === clock(closed(s)?.at)],
  [/^Nothing more was recorded, and you do not need to do anything\.$/, (s) => !isOpen(s) && unchanged(s)],
  [/^If the patient's readings alarm again, a new message will be sent\.$/, (s) => !isOpen(s)],
  [/^If you are worried, call the ward\.$/, () => true],
  [/^Vigil keeps paging until the alert is closed or the readings are back within the limits\.$/, isOpen],
  [
    /^Signed in as (.+), for at most ten minutes\.$/,
    (s, [name]) => !!s.clinician && name === nameOf(s, s.clinician),
  ],
  [/^(.+), (nurse|doctor|lead)$/, (s, [name]) => !s.clinician && name === nameOf(s, s.page.clinicianId)],
];

/** Neither claims nor promises of this alert's state. */
const always = [
  /^(CRITICAL|EMERGENCY) blood pressure$/,
  /^ward-001 bed 4$/,
  /^Heron Ward$/,
  /^Reference VG 7F3K9Q$/,
  /^Blood pressure outside the ward's (critical|emergency) limits\.$/,
  /^There is no trusted reading from this patient yet\.$/,
  /^Please measure by hand\.$/,
  /^Look, repeat the measurement, answer\.$/,
  /^After that, the next alarming reading opens a new alert\.$/,
];

/** The sentences of a page's headings and paragraphs, without what it can be asked for and what has happened. */
function sentencesOf(html: string): string[] {
  const main = /<main>([\s\S]*)<\/main>/.exec(html)?.[1] ?? '';
  return [...main.matchAll(/<(?:h1|p)\b[^>]*>([\s\S]*?)<\/(?:h1|p)>/g)]
    .map(([, text = '']) =>
      text
        .replace(/<[^>]+>/g, ' ')
        .replace(/&#39;/g, "'")
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .flatMap((text) => text.split(/(?<=[.?]) (?=[A-Z\d])/));
}

/** What the page says that is not so; and a form that asks for an answer which is not wanted, or none where one is. */
export function untrue(html: string, scene: Scene): string[] {
  const false_ = sentencesOf(html).filter((sentence) => {
    if (always.some((known) => known.test(sentence))) return false;
    const [says, isTrue] = truths.find(([pattern]) => pattern.test(sentence)) ?? [];
    return !says || !isTrue?.(scene, (says.exec(sentence) as RegExpExecArray).slice(1));
  });
  const askedFor = /value="accept"/.test(html);
  const tookBack = /Recorded: you cannot come/.test(html);
  if (askedFor !== (asks(scene) && !tookBack)) false_.push(`asks for an answer: ${askedFor}`);
  return false_;
}
