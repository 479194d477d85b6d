/** The alert's story in plain words, for people who gave their PIN: it names colleagues. */
import { type Alert, operationsCalled } from '../alert/alert.ts';
import { type AlertKind, alertKindOf } from '../alert/alert-key.ts';
import { closingReasonWords, usefulnessWords } from '../alert/closing-reasons.ts';
import type { AlertEvent, AlertEventType, EventOf, Request } from '../alert/event.ts';
import type { Roster } from '../on-call/roster.ts';
import { type Html, html } from '../web/html.ts';
import { timeElement } from '../web/time.ts';
import { nameOf } from './request-context.ts';

/** That mails are about to go out says nothing yet: `paged` says that they did. That a task waits says nothing at all. */
type Shown = Exclude<AlertEventType, 'asking' | 'waiting'>;
type NameOf = (clinicianId: string) => string;

const asked = (pages: readonly Request[], name: NameOf) =>
  pages.map(({ clinicianId, role }) => `${name(clinicianId)} (${role})`).join(', ');

const interruptions: Record<EventOf<'interrupted'>['by'], string> = {
  worse: 'It got worse',
  moved: 'The patient was moved',
  withdrawn: 'It stood on no reading any more',
};

const sentences: { [Type in Shown]: (event: EventOf<Type>, name: NameOf) => string } = {
  raised: ({ level }) =>
    level === 'technical'
      ? 'A fault of the device raised the alert'
      : `A reading raised the alert (${level})`,
  joined: ({ level, news }) =>
    level === 'technical'
      ? 'The fault is still there'
      : `Another alarming reading came in (${level})${news === 'moved' ? ', from another place' : ''}`,
  withdrawn: ({ all }) =>
    all
      ? 'The reading behind the alert was withdrawn or corrected'
      : 'One of its readings was withdrawn or corrected',
  paged: ({ pages }, name) => `Paged ${asked(pages, name)}`,
  deferred: () => 'Delayed, since other messages to the same people go first',
  operationsTold: () => 'The team that runs Vigil was told',
  undeliverable: ({ pages }, name) => `Could not reach ${asked(pages, name)}`,
  accepted: ({ clinicianId }, name) => `${name(clinicianId)} accepted`,
  declined: ({ clinicianId, reason }, name) =>
    reason === 'wrongPins'
      ? `Too many wrong PINs on the page for ${name(clinicianId)}, so it was passed on`
      : `${name(clinicianId)} could not come`,
  timedOut: () => 'Nobody answered in time',
  escalated: ({ escalationLevel }) =>
    `Escalated to ${escalationLevel === 'everyone' ? 'everyone' : `the ${escalationLevel}`}`,
  backedOff: ({ because }) =>
    `${because === 'everybodyDeclined' ? 'Nobody could come' : 'Nobody could be reached'}: a short pause before everyone is paged again`,
  interrupted: ({ by }) => `${interruptions[by]}, so another answer was needed`,
  rechecked: ({ found }) =>
    found === 'stillCritical' ? 'Rechecked: still alarming' : 'Rechecked: no usable reading yet',
  handedOver: ({ clinicianId, to }, name) => `${name(clinicianId)} asked ${name(to)} to take over`,
  givenBack: ({ clinicianId }, name) => `${name(clinicianId)} gave it back`,
  stoodDown: ({ whom }, name) =>
    `Told that they need not come: ${whom.map((id) => (id === operationsCalled ? 'the team that runs Vigil' : name(id))).join(', ')}`,
  resumed: () => 'Resumed after a fault',
  closed: ({ clinicianId, reason, usefulness }, name) => {
    const useful = usefulness ? `. Useful? ${usefulnessWords[usefulness]}` : '';
    return clinicianId === null
      ? `Closed: ${closingReasonWords[reason]}`
      : `${name(clinicianId)} closed it: ${closingReasonWords[reason]}${useful}`;
  },
  unanswered: () => 'Everyone was paged, and nobody answered',
};

/** Of a device not everybody is paged, and no pause is short. */
const sentencesOfDevice: Partial<typeof sentences> = {
  escalated: (event, name) =>
    event.escalationLevel === 'everyone'
      ? 'Escalated to the last level, with the team that runs Vigil'
      : sentences.escalated(event, name),
  backedOff: ({ because }) =>
    `${because === 'everybodyDeclined' ? 'Nobody could come' : 'Nobody could be reached'}: some hours until they are asked again`,
  unanswered: () => 'Nobody has taken it on',
};

const sentencesOf: Record<AlertKind, Partial<typeof sentences>> = {
  patient: {},
  device: sentencesOfDevice,
  drill: { raised: () => 'The drill began' },
  checkIn: {
    raised: () => 'The shift began',
    escalated: ({ escalationLevel }) =>
      escalationLevel === 'everyone'
        ? 'Passed on to the team that runs Vigil'
        : `Passed on to the ${escalationLevel}`,
  },
};

/** What happened, in one sentence without a full stop. */
function inWords(event: AlertEvent & { type: Shown }, kind: AlertKind, roster: Roster): string {
  const words = { ...sentences, ...sentencesOf[kind] };
  const sentence = words[event.type] as (event: AlertEvent, name: NameOf) => string;
  return sentence(event, (clinicianId) => nameOf(roster, clinicianId));
}

/** Newest first: what a reader needs is on top. */
export function history({ pk, events }: Pick<Alert, 'pk' | 'events'>, roster: Roster, now: string): Html {
  const items = events
    .filter(
      (event): event is AlertEvent & { type: Shown } => event.type !== 'asking' && event.type !== 'waiting',
    )
    .filter((event) => event.type !== 'stoodDown' || event.whom.length > 0)
    .toReversed()
    .map(
      (event) =>
        html`<li>${timeElement(event.at, roster.zone, now)}${inWords(event, alertKindOf(pk), roster)}</li>\n`,
    );
  return html`<h2>What has happened</h2>
<ol>
${items}</ol>`;
}
