/** Whoever need not come any more has been told, or is told later. */
import type { Decision } from './decision.ts';
import { stuckAfter } from './escalation-levels.ts';
import type { EventOf, Happened } from './event.ts';

/** Mails did go out, whatever has come in between. `notBefore`: the others' give way until then. */
export type RecordStandDown = {
  type: 'recordStandDown';
  whom: readonly string[];
  notBefore: string | null;
};

export function recordStandDown({ whom, notBefore }: RecordStandDown, at: string): Decision {
  return { type: 'stoodDown', whom: [...whom], notBefore, dueAt: stuckAfter(at) };
}

/** Nobody of those who are left is told any more. */
export function letGo(at: string): Happened {
  return { type: 'stoodDown', whom: [], notBefore: null, dueAt: stuckAfter(at) };
}

/** True of the event that says so: nobody was told, and nobody is later. */
export function isLetGo({ whom, notBefore }: EventOf<'stoodDown'>): boolean {
  return whom.length === 0 && notBefore === null;
}
