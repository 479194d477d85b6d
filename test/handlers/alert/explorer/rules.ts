/** The rules as the handlers use them, in one place, so that each can be taken out. */
import type { Alert } from '../../../../handlers/alert/alert.ts';
import { assess } from '../../../../handlers/alert/assess.ts';
import { decide } from '../../../../handlers/alert/decide.ts';
import { evolve } from '../../../../handlers/alert/evolve.ts';
import { raise } from '../../../../handlers/alert/raise.ts';
import { raiseAgain } from '../../../../handlers/alert/sweep.ts';

export type Rules = {
  decide: typeof decide;
  raise: typeof raise;
  raiseAgain: typeof raiseAgain;
  evolve: typeof evolve;
  assess: typeof assess;
  /** Whether a write is made that was decided on what was read at `readSeq`. */
  isFenced(alert: Alert | undefined, readSeq: number): boolean;
  /** Whether the transaction holds the claim to be unfulfilled. */
  isClaimable(status: string): boolean;
};

export const rules: Rules = {
  decide,
  raise,
  raiseAgain,
  evolve,
  assess,
  isFenced: (alert, readSeq) => (alert?.seq ?? 0) === readSeq,
  isClaimable: (status) => status === 'unfulfilled',
};
