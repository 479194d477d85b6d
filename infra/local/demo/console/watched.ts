/** What the console shows and steers. */
import type { Hospital } from '../../../../handlers/on-call/roster.ts';
import type { LocalAccount } from '../../account/account.ts';
import type { Conductor } from './conductor.ts';

export type Watched = {
  account: LocalAccount;
  hospital: Hospital;
  /** The alerts' table. */
  table: string;
  conductor: Conductor;
  /** How many events have been told. */
  told(): number;
  sendCritical(): Promise<void>;
};

/** One visit of a page. */
export type View = { path: string; query: URLSearchParams };

/** Whether the page must not ask for itself again. */
export const isStill = ({ query }: View) => query.has('still');

/** The address of a visit, with some of its query changed; undefined takes a part away. */
export function addressOf({ path, query }: View, changes: Record<string, string | undefined> = {}): string {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  }
  const text = changed.toString().replace(/=(?=&|$)/g, '');
  return text ? `${path}?${text}` : path;
}

function formatted({ hospital }: Watched, at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: hospital.zone, ...options }).format(at);
}

/** The clock of the hospital, e.g. `03:00:12`. */
export const timeOfDay = (watched: Watched, at: number) => formatted(watched, at, { timeStyle: 'medium' });

/** e.g. `03:00:12.045`. */
export const exactTime = (watched: Watched, at: number) =>
  `${timeOfDay(watched, at)}.${String(at % 1000).padStart(3, '0')}`;

/** e.g. `Tue 24 Nov`. */
export const day = (watched: Watched, at: number) =>
  formatted(watched, at, { weekday: 'short', day: 'numeric', month: 'short' });

/** e.g. `Thu 06:20`. */
export const dayAndTime = (watched: Watched, at: number) =>
  formatted(watched, at, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
