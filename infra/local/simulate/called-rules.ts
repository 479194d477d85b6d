/** Whoever was called and has not answered hears within a quarter of an hour that somebody else has it, or that it is over. */
import { isOpen, isOwned } from '../../../handlers/alert/alert.ts';
import { minuteMs } from '../engine/clock.ts';
import { type AlertWrite, keyKindOf, type Tell, type WeekMail, type WeekRule } from './rule.ts';

/** Who is told at the last moment has a mail that takes as long as a late one does. */
const toldWithinMs = 15 * minuteMs + 5 * minuteMs;
const operations = 'operations';

type Calls = {
  alertKey: string;
  alertId: string;
  /** When somebody took it, or it ended; undefined while it asks. */
  answeredMs: number | undefined;
  /** Who has it, or ended it. */
  by: string | null;
  /** The number of the last mail that called somebody, by whom; and of the last one before their answer, or that they need not come. */
  called: Map<string, number>;
  settled: Map<string, number>;
};

/** `published`: the number of the last mail that was handed to SNS. */
export function calledRules(tell: Tell, published: () => number): WeekRule {
  const byReference = new Map<string, Calls>();

  function callsOf(reference: string, alertKey: string, alertId: string): Calls {
    const known = byReference.get(reference);
    if (known?.alertId === alertId) return known;
    const calls = {
      alertKey,
      alertId,
      answeredMs: undefined,
      by: null,
      called: new Map(),
      settled: new Map(),
    };
    byReference.set(reference, calls);
    return calls;
  }

  function onAlert({ before, after, event }: AlertWrite): void {
    // The patient's next alert takes the place of the one before, with whoever had not yet heard.
    if (before && before.alertId !== after.alertId) byReference.delete(before.reference);
    const calls = callsOf(after.reference, after.pk, after.alertId);
    if (isOpen(after) && !isOwned(after)) calls.answeredMs = undefined;
    else calls.answeredMs ??= Date.parse(event.at);
    if (event.type === 'accepted' || event.type === 'closed') {
      calls.answeredMs = Date.parse(event.at);
      calls.by = event.clinicianId;
    }
    const isAnswer = event.type === 'accepted' || event.type === 'closed' || event.type === 'declined';
    if (isAnswer && event.clinicianId !== null) calls.settled.set(event.clinicianId, published());
    // Whoever has not checked in knows it.
    const isMissed = event.type === 'closed' && event.reason === 'missed';
    if (isMissed && keyKindOf(after.pk) === 'CHECKIN') calls.called.clear();
    if (event.type === 'givenBack' || event.type === 'handedOver') {
      calls.by = null;
      calls.called.set(event.clinicianId, published() + 1);
    }
  }

  function onMail({ reference, clinicianId, subject, text, number, topicArn }: WeekMail): void {
    const calls = reference === null ? undefined : byReference.get(reference);
    const whom = clinicianId ?? (topicArn.includes('operations') ? operations : null);
    if (!calls || whom === null) return;
    const asks = text.includes('/page/') || /Please telephone the ward/.test(text);
    const isOfDevice = subject.includes('TECHNICAL');
    const latest = (numbers: Map<string, number>) =>
      numbers.set(whom, Math.max(number, numbers.get(whom) ?? 0));
    if (asks && !(isOfDevice && whom === operations)) latest(calls.called);
    else if (/^(DRILL - no patient: )?(ANSWERED|CLOSED|MISSED)/.test(subject)) latest(calls.settled);
  }

  return {
    onAlert,
    onMail,
    onMinute(nowMs) {
      for (const [reference, { alertKey, answeredMs, by, called, settled }] of byReference) {
        if (answeredMs === undefined || nowMs - answeredMs <= toldWithinMs) continue;
        const isWaiting = ([whom, number]: [string, number]) =>
          whom !== by && number > (settled.get(whom) ?? 0);
        const left = [...called].filter(isWaiting).map(([whom]) => whom);
        called.clear();
        if (left.length > 0)
          tell('other', 'whoever need not come is told', alertKey, `${left.join(', ')} of VG ${reference}`);
      }
    },
  };
}
