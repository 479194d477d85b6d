/** The rules as the handlers use them, in one place, so that each can be taken out. */
import type { Alert } from '../../../../handlers/alert/alert.ts';
import { assess } from '../../../../handlers/alert/assess.ts';
import { decide } from '../../../../handlers/alert/decide.ts';
import { evolve } from '../../../../handlers/alert/evolve.ts';
import { incidentToTell } from '../../../../handlers/alert/incidents.ts';
import { raiseAgain } from '../../../../handlers/alert/sweep.ts';
import { wakes } from '../../../../handlers/alert/wakes.ts';
import { timelinessOf } from '../../../../handlers/reading/late.ts';

export type Rules = {
  decide: typeof decide;
  timelinessOf: typeof timelinessOf;
  raiseAgain: typeof raiseAgain;
  evolve: typeof evolve;
  assess: typeof assess;
  wakes: typeof wakes;
  incidentToTell: typeof incidentToTell;
  /** Whether a write is made that was decided on what was read at `readSeq`. */
  isFenced(alert: Alert | undefined, readSeq: number): boolean;
  /** Whether the transaction holds the claim to be unfulfilled. */
  isClaimable(status: string): boolean;
};

export const rules: Rules = {
  decide,
  timelinessOf,
  raiseAgain,
  evolve,
  assess,
  wakes,
  incidentToTell,
  isFenced: (alert, readSeq) => (alert?.seq ?? 0) === readSeq,
  isClaimable: (status) => status === 'unfulfilled',
};
