/** How simulated clinicians of a replay behave: a seeded model of who answers, how soon, and who cannot come. */

import type { Random } from '../engine/random.ts';
import type { Habits, Reaction, ReceivedPage } from './people.ts';

/** Shares of pages accepted and declined, by role; the rest is never answered. Assumed, not measured: meant to reach every level. */
const shares = {
  nurse: { accept: 0.78, decline: 0.1 },
  doctor: { accept: 0.85, decline: 0.08 },
  lead: { accept: 0.9, decline: 0.05 },
  quality: { accept: 0, decline: 0 },
};

/** A log-normal spread about 45 s: most within two minutes, a few later than the level allows. */
function delaySeconds(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.max(5, Math.round(45 * Math.exp(0.8 * normal)));
}

/**
 * Who is asked to repeat a measurement says "I will"; asked again for the same alert, the clinician has been there and
 * closes it. Who left a page unanswered may still answer its reminder.
 */
export function seededHabits(random: Random): Habits {
  const repeats = new Map<string, number>();
  return ({ person, mail, reference, kind }: ReceivedPage): Reaction => {
    // Nobody hesitates over a device; who is asked again has checked it.
    if (kind === 'technical')
      return { afterSeconds: 60, does: mail.subject.startsWith('STILL OPEN') ? 'close' : 'accept' };
    const share = shares[person.role];
    const draw = random.next();
    const afterSeconds = delaySeconds(random);
    if (kind === 'repeat') {
      const times = (repeats.get(`${reference} ${person.id}`) ?? 0) + 1;
      repeats.set(`${reference} ${person.id}`, times);
      return { afterSeconds, does: times === 1 ? 'accept' : 'close' };
    }
    if (kind === 'reminder') return draw < share.accept / 2 ? { afterSeconds, does: 'accept' } : 'ignore';
    if (draw < share.accept) return { afterSeconds, does: 'accept' };
    return draw < share.accept + share.decline ? { afterSeconds, does: 'decline' } : 'ignore';
  };
}
