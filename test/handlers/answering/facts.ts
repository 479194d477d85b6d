/**
 * What a page says, sentence by sentence, held against the alert as it stands: written apart from the pages, by what the
 * workflow would do next. A sentence that nobody has thought about is an error.
 */
import { moveOn } from '../../../handlers/alert/advance.ts';
import type { Alert, Page } from '../../../handlers/alert/alert.ts';
import { look } from '../../../handlers/alert/look.ts';
import { ask } from '../../../handlers/alert/page.ts';
import { peopleAddressed } from '../../../handlers/alert/people.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';

export type Scene = {
  roster: Roster;
  now: string;
  page: Page;
  /** Before and after what was pressed. */
  before: Alert;
  after: Alert;
  /** Who gave a right PIN; undefined on a page before it. */
  me: string | undefined;
};

/** The alert when the workflow has looked and moved until somebody is waited for, or nobody can be. */
export function settled(alert: Alert, roster: Roster, now: string): Alert {
  let present = alert;
  for (let steps = 0; steps < 12; steps++) {
    const { executionName: me, alertId } = present;
    const people = peopleAddressed(roster, present, now);
    const next = look(present, { me, alertId }, { people, recent: [] }, now);
    const { round, rung, pass, level, deadline } = next;
    const seen = { me, round, rung, pass };
    let outcome: ReturnType<typeof moveOn> | ReturnType<typeof ask> = { refused: 'moved on' };
    if (next.step === 'move on') outcome = moveOn(present, { ...seen, because: next.because }, now, 'w');
    if (next.step === 'page') {
      const pageIds = () => `page-${present.seq}`;
      outcome = ask(present, { ...seen, level, deadline, token: 'token-2' }, people, pageIds, now, 'w');
    }
    if ('refused' in outcome) return present;
    present = outcome.changed;
    if (next.step === 'page') return present;
  }
  throw new Error('The workflow goes round in circles');
}

const nameOf = ({ roster }: Scene, id: string | null) => roster.clinicians.find((one) => one.id === id)?.name;
const roleOf = ({ roster }: Scene, id: string | null) => roster.clinicians.find((one) => one.id === id)?.role;
const clock = (at: string | null) => at?.slice(11, 16);

const isOpen = ({ after, page }: Scene) => after.status === 'open' && after.alertId === page.alertId;
/** Who has it in the round that the patient's alert is in. */
const owner = ({ after }: Scene) => (after.ownerRound === after.round ? after.ownerId : null);
const formerOwner = ({ after }: Scene) => (after.ownerRound < after.round ? after.ownerId : null);
const asks = (scene: Scene) => isOpen(scene) && !owner(scene) && scene.page.round === scene.after.round;
const unchanged = ({ before, after }: Scene) => before.seq === after.seq;

/** Whoever the next step of the workflow asks who was not asked in this one. */
function newlyAsked({ after, roster, now }: Scene): string[] {
  const then = settled(after, roster, now);
  const same = then.rung === after.rung && then.pass === after.pass;
  return then.asked.filter((id) => !(same && after.asked.includes(id)));
}

function stillAsked(scene: Scene): string[] {
  const { asked, declined, unreachable } = scene.after;
  return asked.filter((id) => !declined.includes(id) && !unreachable.includes(id));
}

/** Names after the PIN, roles before it, or how many. */
function isListOf(scene: Scene, ids: readonly string[], text: string | undefined): boolean {
  if (ids.length > 3) return text === `${ids.length} people of the ward`;
  const called = ids.map((id) =>
    scene.me ? `${nameOf(scene, id)} (${roleOf(scene, id)})` : `the ${roleOf(scene, id)}`,
  );
  return [...new Set(called)].sort().join() === text?.split(', ').sort().join();
}

type Truth = (scene: Scene, words: string[]) => boolean;

const truths: [says: RegExp, isTrue: Truth][] = [
  [
    /^You have it since (..:..)\.$/,
    (s, [at]) => owner(s) === s.me && !!s.me && at === clock(s.after.acceptedAt),
  ],
  [
    /^(.+) \((\w+)\) has it since (..:..)\.$/,
    (s, [name, role, at]) =>
      owner(s) !== s.me &&
      name === nameOf(s, owner(s)) &&
      role === s.after.ownerRole &&
      at === clock(s.after.acceptedAt),
  ],
  [/^A (\w+) has it since (..:..)\.$/, (s, [role]) => owner(s) !== null && role === s.after.ownerRole],
  [
    /^It is rechecked at (..:..)(, so please .+ by then)?\.$/,
    (s, [at, please]) =>
      owner(s) !== null && at === clock(s.after.deadline) && !!please === (owner(s) === s.me),
  ],
  [/^You need not come\.$/, (s) => owner(s) !== null && owner(s) !== s.me],
  [/^You need not do anything\.$/, (s) => owner(s) !== null && owner(s) !== s.page.clinicianId],
  [/^If that is you, have the pressure measured again\.$/, (s) => owner(s) === s.page.clinicianId],
  [/^With your PIN you can look at it, or close it\.$/, isOpen],
  [/^Recorded: you cannot come\.$/, (s) => asks(s) && !!s.me && s.after.declined.includes(s.me)],
  [/^The next person is asked now\.$/, (s) => asks(s) && newlyAsked(s).length === 1],
  [/^That is (.+)\.$/, (s, [who]) => isListOf(s, newlyAsked(s), who)],
  [
    /^The next people are asked now: (.+)\.$/,
    (s, [who]) => asks(s) && newlyAsked(s).length > 1 && isListOf(s, newlyAsked(s), who),
  ],
  [
    /^Still asked: (.+)\.$/,
    (s, [who]) => asks(s) && newlyAsked(s).length === 0 && isListOf(s, stillAsked(s), who),
  ],
  [
    /^Nobody else is left to ask: everyone on the ward is called again in about a minute\.$/,
    (s) => asks(s) && settled(s.after, s.roster, s.now).resting,
  ],
  [/^If you are near, go to the patient\.$/, asks],
  [
    /^(You|.+) took it at (..:..), but .+: it is asked for again\.$/,
    (s, [who, at]) => {
      const former = formerOwner(s);
      const called = !s.me ? `A ${roleOf(s, former)}` : former === s.me ? 'You' : nameOf(s, former);
      return isOpen(s) && former !== null && who === called && at === clock(s.after.acceptedAt);
    },
  ],
  [
    /^(You took it before: )?[Uu]ntil somebody takes it over, it stays with you\.$/,
    (s) => !!s.me && formerOwner(s) === s.me,
  ],
  [/^Nobody has taken it yet\.$/, (s) => asks(s) && s.after.ownerId === null],
  [/^You said that you cannot come\.$/, (s) => !!s.me && s.after.declined.includes(s.me)],
  [/^Since (..:..)\.$/, (s, [at]) => at === clock(s.after.arrivedAt)],
  [
    /^Nothing was recorded: you have accepted, and you still have it\.$/,
    (s) => unchanged(s) && owner(s) === s.me,
  ],
  [
    /^If you cannot see to the patient, ask a colleague to go now, or call the ward\.$/,
    (s) => owner(s) === s.me,
  ],
  [/^That name and PIN do not belong together, so nothing was recorded\.$/, unchanged],
  [
    /^(\w+) (?:try is|tries are) left before the next person is asked\.$/,
    (s, [left]) =>
      asks(s) &&
      !s.after.declined.includes(s.page.clinicianId) &&
      left === ['', 'One', '2', '3', '4'][5 - s.page.wrongPins],
  ],
  [/^Too many wrong PINs on this page\.$/, (s) => s.page.wrongPins >= 5],
  [/^The right one still counts\.$/, isOpen],
  [
    /^You closed this alert$/,
    (s) => !isOpen(s) && s.after.events.at(-1)?.clinicianId === s.me && !unchanged(s),
  ],
  [
    /^Closed at (..:..): (.+)\.$/,
    (s, [at, why]) => at === clock(s.after.closedAt) && why === s.after.closedBecause,
  ],
  [/^The next alarming reading of this patient opens a new alert\.$/, (s) => !isOpen(s)],
  [/^You can close this page\.$/, (s) => !isOpen(s)],
  [/^This alert is closed$/, (s) => !isOpen(s)],
  [/^It was closed at (..:..)\.$/, (s, [at]) => at === clock(s.after.closedAt)],
  [/^Nothing was recorded just now, and you need not do anything\.$/, (s) => !isOpen(s) && unchanged(s)],
  [/^If the patient alarms again, a new message comes\.$/, (s) => !isOpen(s)],
  [/^If you are worried, call the ward\.$/, () => true],
  [/^Until it is closed or the readings are good again, Vigil goes on asking\.$/, isOpen],
  [/^Signed in as (.+), for at most ten minutes\.$/, (s, [name]) => !!s.me && name === nameOf(s, s.me)],
  [/^(.+), (nurse|doctor|lead)$/, (s, [name]) => !s.me && name === nameOf(s, s.page.clinicianId)],
];

/** Neither claims nor promises of this alert's state. */
const always = [
  /^(CRITICAL|EMERGENCY) blood pressure$/,
  /^ward-001 bed 4$/,
  /^Heron Ward$/,
  /^Reference VG 7F3K9Q$/,
  /^A blood pressure beyond the (critical|emergency) limits of the ward\.$/,
  /^There is no trusted reading of this patient yet\.$/,
  /^Please measure by hand\.$/,
  /^The next alarming reading opens a new alert\.$/,
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
