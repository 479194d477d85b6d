/** Whoever need not come any more has been told, or is told later. */
import type { Decision } from './decision.ts';
import { stuckAfter } from './escalation-levels.ts';

/** Mails did go out, whatever has come in between. `notBefore`: the others' give way until then. */
export type RecordStandDown = {
  type: 'recordStandDown';
  whom: readonly string[];
  notBefore: string | null;
};

export function recordStandDown({ whom, notBefore }: RecordStandDown, at: string): Decision {
  return { type: 'stoodDown', whom: [...whom], notBefore, dueAt: stuckAfter(at) };
}
