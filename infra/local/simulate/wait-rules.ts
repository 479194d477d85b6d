/** How long anybody is waited for: a person or an alarm within 15 minutes, of an emergency within 5. */
import { isOwned } from '../../../handlers/alert/alert.ts';
import { minuteMs } from '../engine/clock.ts';
import { type AlertWrite, isOfEmergency, type Tell, type WeekRule } from './rule.ts';

const longestMs = { critical: 15 * minuteMs, emergency: 5 * minuteMs };

type Wait = { sinceMs: number; untilMs: number };

export function waitRules(tell: Tell): WeekRule {
  const waits = new Map<string, Wait>();
  /** Worse news of whoever is cared for already, until the round that it begins. */
  const newsAt = new Map<string, number>();

  const waitFrom = (sinceMs: number, emergency: boolean) => ({
    sinceMs,
    untilMs: sinceMs + longestMs[emergency ? 'emergency' : 'critical'],
  });

  function late(alertKey: string, { sinceMs, untilMs }: Wait, nowMs: number): void {
    if (nowMs <= untilMs) return;
    waits.delete(alertKey);
    const minutes = ((nowMs - sinceMs) / minuteMs).toFixed(1);
    tell('other', 'a person or an alarm in time', alertKey, `waited for ${minutes} minutes`);
  }

  function onAlert({ before, after, event }: AlertWrite): void {
    if (after.worst === 'technical' || after.worst === 'check-in') return;
    const key = after.pk;
    const emergency = isOfEmergency(after);
    const atMs = Date.parse(event.at);
    const wait = waits.get(key);
    if (wait) late(key, wait, atMs);
    switch (event.type) {
      case 'raised':
        waits.set(key, waitFrom(Date.parse(event.arrivedAt), emergency));
        break;
      case 'joined': {
        const arrivedMs = Date.parse(event.arrivedAt);
        if (isOwned(after) && event.news !== null && !newsAt.has(key)) newsAt.set(key, arrivedMs);
        const becomes = emergency && before && !isOfEmergency(before);
        if (becomes && wait)
          waits.set(key, { ...wait, untilMs: Math.min(wait.untilMs, arrivedMs + longestMs.emergency) });
        break;
      }
      case 'interrupted':
      case 'rechecked':
      case 'givenBack':
        waits.set(key, waitFrom(newsAt.get(key) ?? atMs, emergency));
        newsAt.delete(key);
        break;
      case 'accepted':
      case 'operationsTold':
      case 'closed':
        waits.delete(key);
        if (event.type === 'closed') newsAt.delete(key);
        break;
    }
  }

  return {
    onAlert,
    onMinute(nowMs) {
      for (const [key, wait] of waits) late(key, wait, nowMs);
    },
  };
}
