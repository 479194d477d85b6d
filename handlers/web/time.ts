/** Times as the hospital's clocks show them. */
import { DateTime } from 'luxon';
import { type Html, html } from './html.ts';

/** `03:12`, or `Mon 23 Nov 23:58` of another day. */
export function clockTime(at: string, zone: string, now: string): string {
  const local = DateTime.fromISO(at, { zone, locale: 'en-GB' });
  const today = local.hasSame(DateTime.fromISO(now, { zone }), 'day');
  return local.toFormat(today ? 'HH:mm' : 'ccc d LLL HH:mm');
}

/** `03:12:05`. */
export function clockSeconds(at: string, zone: string): string {
  return DateTime.fromISO(at, { zone }).toFormat('HH:mm:ss');
}

export function timeElement(at: string, zone: string, now: string): Html {
  return html`<time datetime="${at}">${clockTime(at, zone, now)}</time>`;
}
