/** What the console shows and steers. */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { LocalAccount } from '../account.ts';
import type { Conductor } from '../live/conductor.ts';

export type Watched = {
  account: LocalAccount;
  hospital: Hospital;
  conductor: Conductor;
  /** How many events have been told. */
  told(): number;
  sendCritical(): Promise<void>;
};

/** One visit of a page: `still` when it must not ask for itself again. */
export type View = { path: string; still: boolean };

/** The clock of the hospital, e.g. `03:00:12`. */
export function clockTime(watched: Watched, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: watched.hospital.zone, timeStyle: 'medium' }).format(
    at,
  );
}

/** e.g. `Tue 24 Nov`. */
export function day(watched: Watched, at: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: watched.hospital.zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  }).format(at);
}
