/** The alert's story in plain words, for people who gave their PIN: it names colleagues. */
import type { Alert } from '../alert/alert.ts';
import { alertKindOf } from '../alert/alert-key.ts';
import { eventInWords, hasWords } from '../alert/event-words.ts';
import type { Roster } from '../on-call/roster.ts';
import { type Html, html } from '../web/html.ts';
import { timeElement } from '../web/time.ts';
import { nameOf } from './request-context.ts';
import { pageWords } from './words.en.ts';

/** Newest first: what a reader needs is on top. */
export function history({ pk, events }: Pick<Alert, 'pk' | 'events'>, roster: Roster, now: string): Html {
  const name = (clinicianId: string) => nameOf(roster, clinicianId);
  const items = events
    .filter(hasWords)
    .filter((event) => event.type !== 'stoodDown' || event.whom.length > 0)
    .toReversed()
    .map(
      (event) =>
        html`<li>${timeElement(event.at, roster.zone, now)}${eventInWords(event, alertKindOf(pk), name)}</li>\n`,
    );
  return html`<h2>${pageWords.inside.history}</h2>
<ol>
${items}</ol>`;
}
