/** How the clinicians of a simulated week behave: who answers, how late, who cannot stay, and who closes for which reason. Assumed, so that each happens daily. */
import { chosenReasons } from '../../../handlers/alert/closing-reasons.ts';
import type { Random } from '../engine/random.ts';
import type { Deed, Habits, Reaction, ReceivedPage } from '../replay/people.ts';

/** Shares of mails accepted and declined; the rest is not answered. */
const answers = {
  nurse: { accept: 0.74, decline: 0.1 },
  doctor: { accept: 0.8, decline: 0.08 },
  lead: { accept: 0.85, decline: 0.05 },
  quality: { accept: 0, decline: 0 },
};
/** Of drills and check-ins: those that nobody answers, not even whoever is asked later. */
const leftAlone = { drill: 0.25, checkIn: 0.15 };
/** Of those who accept: who cannot stay, and who closes the alert at the bedside. */
const afterAccepting = { givesBack: 0.05, handsOver: 0.06, closes: 0.2 };
/** Of those who answer: who finds the mail much later, so that others have been asked meanwhile. */
const late = { share: 0.08, seconds: 20 * 60 };
/** Whoever has been asked so often for one alert stays, and closes it. */
const patience = 3;

/** What each person has decided to do, to hold what is written in their name against. */
export type Intentions = { has(clinicianId: string, reference: string, deed: Deed['does']): boolean };

export function weekHabits(random: Random): { habits: Habits; intentions: Intentions } {
  const asked = new Map<string, number>();
  const intended = new Set<string>();
  const heard = new Map<string, boolean>();
  const seconds = (least: number, spread: number) => least + random.below(spread);
  const soon = () => (random.next() < late.share ? seconds(300, late.seconds) : seconds(8, 110));
  const close = (): Deed => {
    const reason = chosenReasons[random.below(chosenReasons.length)] as string;
    return { afterSeconds: seconds(120, 600), does: 'close', reason };
  };

  function after(times: number): { next?: Deed } {
    if (times >= patience) return { next: close() };
    const draw = random.next();
    const { givesBack, handsOver, closes } = afterAccepting;
    if (draw < givesBack) return { next: { afterSeconds: seconds(30, 400), does: 'give back' } };
    if (draw < givesBack + handsOver) return { next: { afterSeconds: seconds(30, 400), does: 'hand over' } };
    return draw < givesBack + handsOver + closes ? { next: close() } : {};
  }

  /** What is no patient's may be left alone by all, one as the other. */
  function isLeftAlone({ mail: { subject }, reference }: ReceivedPage): boolean {
    const share = /^DRILL/.test(subject)
      ? leftAlone.drill
      : /CHECK(-|ED )IN /.test(subject)
        ? leftAlone.checkIn
        : 0;
    if (share === 0) return false;
    const isIt = heard.get(reference) ?? random.next() < share;
    heard.set(reference, isIt);
    return isIt;
  }

  function reactionTo(page: ReceivedPage): Reaction {
    const { person, reference, kind } = page;
    if (isLeftAlone(page)) return 'ignore';
    const who = `${person.id} ${reference}`;
    const times = (asked.get(who) ?? 0) + (kind === 'reminder' ? 0 : 1);
    asked.set(who, times);
    const { accept, decline } = answers[person.role];
    const draw = random.next();
    if (times > patience) return { ...close(), afterSeconds: seconds(30, 200) };
    if (draw < accept) return { afterSeconds: soon(), does: 'accept', ...after(times) };
    return draw < accept + decline ? { afterSeconds: soon(), does: 'decline' } : 'ignore';
  }

  return {
    habits(page) {
      const reaction = reactionTo(page);
      for (let deed = reaction === 'ignore' ? undefined : reaction; deed; deed = deed.next)
        intended.add(`${page.person.id} ${page.reference} ${deed.does}`);
      return reaction;
    },
    intentions: {
      has: (clinicianId, reference, deed) => intended.has(`${clinicianId} VG ${reference} ${deed}`),
    },
  };
}
