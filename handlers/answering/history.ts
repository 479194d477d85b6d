/** The alert's story in plain words, for people who gave their PIN: it names colleagues. */
import type { AlertEvent, AlertEventType } from '../alert/alert.ts';
import { WRONG_PINS } from '../alert/answers.ts';
import { MOVED } from '../alert/events.ts';
import type { Roster } from '../on-call/roster.ts';
import { type Html, html } from './page.ts';
import { timeElement } from './time.ts';
import { nameOf } from './visit.ts';

type Told = (event: AlertEvent, nameOf: (clinicianId: string) => string) => string;

const because = ({ reason }: AlertEvent) => (reason ? `: ${reason}` : '');
const who = ({ clinicianId }: AlertEvent, name: (id: string) => string) =>
  clinicianId ? name(clinicianId) : 'Somebody';
const asked = ({ pages = [] }: AlertEvent, name: (id: string) => string) =>
  pages.map(({ clinicianId, role }) => `${name(clinicianId)} (${role})`).join(', ');

/** That mails are about to go out says nothing yet; `paged` says that they did. */
type Shown = Exclude<AlertEventType, 'asking'>;

const told: Record<Shown, Told> = {
  raised: ({ level }) => `A reading raised the alert (${level})`,
  joined: ({ level, reason }) =>
    `Another alarming reading joined it (${level})${reason === MOVED ? ', from another place' : ''}`,
  superseded: () => 'A late reading was set aside, as a newer one was there',
  paged: (event, name) => `Asked ${asked(event, name)}`,
  waiting: () => 'Went on waiting for an answer',
  'operations told': () => 'The operations were told',
  undeliverable: (event, name) => `Could not reach ${asked(event, name)}`,
  accepted: (event, name) => `${who(event, name)} accepted`,
  declined: (event, name) =>
    event.reason === WRONG_PINS
      ? `Too many wrong PINs on the page of ${who(event, name)}: it was passed on`
      : `${who(event, name)} could not come`,
  'timed out': () => 'Nobody answered in time',
  escalated: ({ rung }) => `Went on to ${rung === 'everyone' ? 'everyone' : `the ${rung}`}`,
  interrupted: ({ reason }) =>
    reason === MOVED
      ? 'The patient was moved, and it was announced again'
      : 'It got worse, and was announced again',
  rechecked: (event) => `Rechecked${because(event)}`,
  resumed: (event) => `Taken up again after a fault${because(event)}`,
  closed: (event, name) =>
    event.clinicianId ? `${who(event, name)} closed it${because(event)}` : `Closed${because(event)}`,
  unanswered: () => 'Everyone was called, and nobody answered',
};

/** What happened, in one sentence without a full stop. */
export function inWords(event: AlertEvent & { type: Shown }, roster: Roster): string {
  return told[event.type](event, (clinicianId) => nameOf(roster, clinicianId));
}

/** Newest first: what a reader needs is on top. */
export function history(events: readonly AlertEvent[], roster: Roster, now: string): Html {
  const items = events
    .filter((event): event is AlertEvent & { type: Shown } => event.type !== 'asking')
    .toReversed()
    .map((event) => html`<li>${timeElement(event.at, roster.zone, now)}${inWords(event, roster)}</li>\n`);
  return html`<h2>What has happened</h2>
<ol>
${items}</ol>`;
}
