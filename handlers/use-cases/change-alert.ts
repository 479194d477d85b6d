/** How executions and the answer page change an alert: whatever waits for it is woken when it has to hear of that. */
import type { Alert } from '../alert/alert.ts';
import type { Refusal } from '../alert/decision.ts';
import { wakes } from '../alert/wakes.ts';
import { wake } from '../aws/workflow.ts';
import { type CommandWhenFound, carryOut, type WhichAlert } from './carry-out.ts';
import type { Written } from './write-change.ts';

/** The alert as written, or as it stood when the command was refused. */
export type Changed = { alert: Alert; refused?: Refusal };

/** Carries out a command, and tells of it. */
export async function changeAlert(
  tableName: string,
  which: WhichAlert,
  command: CommandWhenFound,
  now: string,
): Promise<Changed> {
  const done = await carryOut(tableName, which, command, now);
  if ('refused' in done) return { alert: done.found, refused: done.refused };
  await tellOf(done);
  return { alert: done.stored.alert };
}

/** The write is certain, by its reply or by its event that was found: what waits is to hear of it. */
export async function tellOf({ stored, event }: Written): Promise<void> {
  if (stored.token !== null && wakes(event, stored.alert)) await wake(stored.token);
}
