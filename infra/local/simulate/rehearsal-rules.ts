/** How a drill and a check-in end: by the first answer, or as missed, of which the operations hear; and in time. */
import { isOpen, isOwned } from '../../../handlers/alert/alert.ts';
import { minuteMs } from '../engine/clock.ts';
import {
  type AlertWrite,
  hashOf,
  isRehearsed,
  keyKindOf,
  type Tell,
  type WeekMail,
  type WeekRule,
} from './rule.ts';

/** Two quarters of an hour, or twelve minutes until everyone is asked and a quarter; and what dies on the way. */
const lastsMs = (30 + 10) * minuteMs;
/** After an answer the next step ends it: its execution's, or the sweeper's. */
const endsAfterAnswerMs = 8 * minuteMs;
/** As whoever need not come. */
const toldWithinMs = 20 * minuteMs;

/** Two such mails to one person are two seconds apart, for those of patients; less what a second attempt takes. */
const leastGapMs = 1000;

type Due = { alertKey: string; untilMs: number };

export function rehearsalRules(tell: Tell): WeekRule {
  const open = new Map<string, Due>();
  const untold = new Map<string, Due>();
  const rehearsed = new Set<string>();
  const lastMail = new Map<string, WeekMail>();

  function rightEnd({ before, after, event }: AlertWrite): void {
    if (event.type !== 'closed' || !before) return;
    const { reason, clinicianId } = event;
    const [, , , whose] = after.pk.split('#');
    const owner = isOwned(before) ? before.standing.owner.clinicianId : null;
    const isDrill = keyKindOf(after.pk) === 'DRILL';
    const who = owner ?? clinicianId;
    const isWhose = who !== null && hashOf(who) === whose;
    const byAnswer = isDrill ? 'drill' : isWhose ? 'checkedIn' : 'seenTo';
    // Whoever closes a check-in by hand has that one reason.
    const byHand = isDrill ? 'drill' : 'seenTo';
    const expected = clinicianId !== null ? byHand : owner === null ? 'missed' : byAnswer;
    if (reason !== expected)
      tell(
        'silentEnd',
        'what is of nobody ends by an answer, or as missed',
        after.pk,
        `${reason}, not ${expected}`,
      );
    if (reason === 'missed')
      untold.set(after.reference, { alertKey: after.pk, untilMs: Date.parse(event.at) + toldWithinMs });
  }

  function overdue(due: Map<string, Due>, nowMs: number, rule: string): void {
    for (const [key, { alertKey, untilMs }] of due) {
      if (nowMs <= untilMs) continue;
      due.delete(key);
      tell('silentEnd', rule, alertKey, `by ${new Date(untilMs).toISOString()}`);
    }
  }

  return {
    onAlert(write) {
      const { after, event } = write;
      if (!isRehearsed(after.pk)) return;
      rehearsed.add(after.reference);
      const atMs = Date.parse(event.at);
      if (!isOpen(after)) open.delete(after.pk);
      else if (event.type === 'accepted')
        open.set(after.pk, { alertKey: after.pk, untilMs: atMs + endsAfterAnswerMs });
      else if (['raised', 'givenBack', 'handedOver'].includes(event.type))
        open.set(after.pk, { alertKey: after.pk, untilMs: atMs + lastsMs });
      rightEnd(write);
    },
    onMail(mail) {
      const { reference, subject, text, topicArn, to } = mail;
      if (reference === null || !rehearsed.has(reference)) return;
      if (topicArn.includes('operations') && /MISSED/.test(subject)) untold.delete(reference);
      if (!text.includes('/page/')) return;
      const last = lastMail.get(to);
      lastMail.set(to, mail);
      const gapMs = Math.abs(mail.publishedMs - (last?.publishedMs ?? 0));
      if (last?.reference !== reference && gapMs < leastGapMs)
        tell(
          'other',
          'what is of nobody gives way',
          null,
          `VG ${reference} to ${to} ${gapMs} ms beside VG ${last?.reference}`,
        );
    },
    onMinute(nowMs) {
      overdue(open, nowMs, 'what is of nobody ends in time');
      overdue(untold, nowMs, 'of what was missed the operations hear');
    },
  };
}
