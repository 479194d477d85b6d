/** Which of the kept objects are meant: as far as their keys tell, and then by what stands in them. */
import { InputError } from '../../input-error.ts';
import type { KeptObject } from './kept-object.ts';

export type Wanted = {
  /** ISO 8601 UTC; empty: whenever. */
  since: string;
  reason: string | undefined;
  device: string | undefined;
};

/** Throws InputError for a time that could be meant in two ways. */
export function wantedIn(options: { since?: string; 'reason-has'?: string; device?: string }): Wanted {
  const { since, 'reason-has': reason, device } = options;
  return { since: since === undefined ? '' : instantIn(since), reason, device };
}

function instantIn(text: string): string {
  const isClear = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text);
  if (!isClear || Number.isNaN(Date.parse(text)))
    throw new InputError(`--since ${text}: neither a date, in UTC, nor a time with its offset`);
  return new Date(text).toISOString();
}

/** False for a key whose day, that of the arrival, was over by then. */
export function mayBeWanted(key: string, { since }: Wanted): boolean {
  const [, day] = /^quarantine\/dt=(\d{4}-\d\d-\d\d)\//.exec(key) ?? [];
  return day === undefined || day >= since.slice(0, 10);
}

/** An object that does not say when it came may be. A batch is wanted when one of its records is. */
export function isWanted({ at, reason, records }: KeptObject, wanted: Wanted): boolean {
  return (
    (at === '' || at >= wanted.since) &&
    (wanted.reason === undefined || reason.includes(wanted.reason)) &&
    (wanted.device === undefined || records.some(({ partitionKey }) => partitionKey === wanted.device))
  );
}
