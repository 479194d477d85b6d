/** The tries of a lane in an in-memory table: how many are used, and as if so many had been. */

import { type Allowance, allowances, triesAt } from '../../../handlers/answering/lockout.ts';
import type { TableItems } from '../../table-items.ts';

function allowanceOf(whose: string, lane: string): Allowance {
  const name = whose === 'PIN#.everybody' ? `${lane}OfAll` : lane;
  return allowances[name as keyof typeof allowances] ?? allowances.knownBrowser;
}

/** `whose`: `PIN#nurse-1`, or `PIN#.everybody`. */
export function usedTries(items: TableItems, whose: string, lane: string): number {
  const { lapsed } = triesAt(allowanceOf(whose, lane), new Date().toISOString());
  return Math.max(0, (items.get(`${whose}#${lane}`)?.lastTry ?? lapsed) - lapsed);
}

/** Uses this many tries of the lane; all of them without a number. */
export function useTries(items: TableItems, whose: string, lane: string, count?: number): void {
  const allowance = allowanceOf(whose, lane);
  const pk = `${whose}#${lane}`;
  const { lapsed } = triesAt(allowance, new Date().toISOString());
  items.set(pk, { pk, kind: 'wrong-pins', lastTry: lapsed + (count ?? allowance.atOnce), expiresAt: 0 });
}
