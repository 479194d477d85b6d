/** The proof that state and audit cannot differ: whoever folds an alert's archived events comes to what the table held. */
import { z } from 'zod';
import type { Alert } from '../alert/alert.ts';
import { AlertEvent } from '../alert/event.ts';
import { stateHash } from '../alert/event-rows.ts';
import { evolve } from '../alert/evolve.ts';
import { type Check, FOLD } from './checks.ts';
import { count } from './columns.ts';
import { wellFormed } from './malformed.ts';

/** A row of sql/histories.sql: an event, what the alert was after it, and what the table had if that was its last. */
const HistoryRow = z.object({
  alert_id: z.string(),
  seq: count,
  type: z.string().nullable(),
  happened: z.string().nullable(),
  state_hash: z.string().nullable(),
  listed_hash: z.string().nullable(),
});
type HistoryRow = z.infer<typeof HistoryRow>;

/** An alert that began before the archive's days that were read cannot be folded, and is not counted. */
export function foldCheck(rows: readonly unknown[]): Check {
  const histories = [
    ...Map.groupBy(wellFormed(z.array(HistoryRow), rows), ({ alert_id }) => alert_id),
  ].filter(([, history]) => history[0]?.type === 'raised');
  const differing = histories.filter(([, history]) => !isFold(history)).map(([alertId]) => alertId);
  const expected = histories.length;
  return {
    name: FOLD,
    expected,
    found: expected - differing.length,
    missing: differing.length,
    example: differing.sort().at(0) ?? null,
  };
}

/** False for an event that is missing, doubled or changed, and for an alert that the table had otherwise. */
function isFold(history: readonly HistoryRow[]): boolean {
  let alert: Alert | undefined;
  for (const row of history) {
    const event = eventOf(row);
    if (event?.seq !== row.seq || (alert && event.seq !== alert.seq + 1)) return false;
    if (!alert && event.type !== 'raised') return false;
    alert = evolve(alert, event);
    const hash = stateHash(alert);
    if (hash !== row.state_hash || (row.listed_hash !== null && hash !== row.listed_hash)) return false;
  }
  return true;
}

function eventOf({ happened }: HistoryRow): AlertEvent | undefined {
  try {
    return happened === null ? undefined : AlertEvent.parse(JSON.parse(happened));
  } catch {
    return undefined;
  }
}
