/** When the next nightly report is mailed: its schedule, and the five minutes that its workflow waits for the archive. */
import { DateTime } from 'luxon';

const mailedAt = { hour: 6, minute: 20, second: 0, millisecond: 0 };

/** Epoch milliseconds, after `nowMs`; its mail takes some seconds more. */
export function nextReportAt(nowMs: number, zone: string): number {
  const today = DateTime.fromMillis(nowMs, { zone }).set(mailedAt);
  return (today.toMillis() > nowMs ? today : today.plus({ days: 1 })).toMillis();
}
