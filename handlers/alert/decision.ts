/** What becomes of a command: an event, or why there is none. */
import type { Happened } from './event.ts';

export type Refusal =
  /** Closed, or the patient has a newer alert by now. */
  | 'closed'
  /** Another execution carries it. */
  | 'takenOver'
  /** It does not stand where it was seen any more. */
  | 'movedOn'
  /** The round has an owner. */
  | 'answered'
  /** Worse than whoever asks has read. */
  | 'worseSince'
  | 'earlierRound'
  | 'declinedBefore'
  | 'nobodyToPage'
  | 'notOwned'
  /** Whoever asks does not have it. */
  | 'notYours'
  /** It does not stand on that measurement, or no more. */
  | 'notStoodOn'
  | 'notRecovered'
  /** The reading has been raised before, or was set aside. */
  | 'settled'
  /** The alert can be read. */
  | 'readable'
  | 'notStuck';

export type Decision = Happened | { refused: Refusal };
