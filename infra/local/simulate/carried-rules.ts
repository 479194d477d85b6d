/** Somebody always carries an open alert on: an execution that runs, or the sweeper, for which it is due soon. */
import { type Alert, isOpen, type OpenAlert } from '../../../handlers/alert/alert.ts';
import { minuteMs } from '../engine/clock.ts';
import type { Tell, WeekRule } from './rule.ts';

/** Behind the end of the wait, or the write: a minute, and the sweeper's own. */
const dueWithinMs = 2 * minuteMs;
/** When it is due, the sweeper takes it with its next run; a run that fails, or whose start is lost, is followed by the next. */
const takenWithinMs = 5 * minuteMs;

export type Running = { isRunning(executionName: string): boolean };

export function carriedRules(
  tell: Tell,
  { isRunning }: Running,
): WeekRule & { open: Map<string, OpenAlert> } {
  const open = new Map<string, OpenAlert>();
  const silent = (alert: Alert, says: string) =>
    tell('silentEnd', 'an open alert is carried on', alert.pk, says);

  return {
    open,
    onAlert({ after, event }) {
      open.delete(after.pk);
      if (!isOpen(after)) return;
      open.set(after.pk, after);
      const { dueAt, deadline } = after.standing;
      const latest = Math.max(Date.parse(event.at), Date.parse(deadline)) + dueWithinMs;
      if (Date.parse(dueAt) > latest) silent(after, `due only at ${dueAt}, for a wait until ${deadline}`);
    },
    onMinute(nowMs) {
      for (const alert of open.values()) {
        const { dueAt } = alert.standing;
        const isLate = nowMs - Date.parse(dueAt) > takenWithinMs;
        if (isLate && !isRunning(alert.executionName))
          silent(alert, `nothing runs, and it was due at ${dueAt}`);
      }
    },
    atEnd() {
      for (const alert of open.values()) silent(alert, 'it is open at the end');
    },
  };
}
