/** What happened to an alert, in plain words: for its page, whose readers gave their PIN, and for whoever runs Vigil. */
import { operationsMail, operationsWebhook } from './alert.ts';
import type { AlertKind } from './alert-key.ts';
import { closingReasonWords, usefulnessWords } from './closing-reasons.ts';
import type { AlertEvent, AlertEventType, EventOf, Request } from './event.ts';

/** That mails are about to go out says nothing yet: `paged` says that they did. That a task waits says nothing at all. */
type ToldType = Exclude<AlertEventType, 'asking' | 'waiting'>;
export type ToldEvent = AlertEvent & { type: ToldType };
type NameOf = (clinicianId: string) => string;

const asked = (pages: readonly Request[], name: NameOf) =>
  pages
    .map(({ clinicianId, role }) => (name(clinicianId) === role ? role : `${name(clinicianId)} (${role})`))
    .join(', ');

const operations = [operationsMail, operationsWebhook];

const interruptions: Record<EventOf<'interrupted'>['by'], string> = {
  worse: 'It got worse',
  moved: 'The patient was moved',
  withdrawn: 'It stood on no reading any more',
};

const sentences: { [Type in ToldType]: (event: EventOf<Type>, name: NameOf) => string } = {
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
    `Told that they need not come: ${[...new Set(whom.map((id) => (operations.includes(id) ? 'the team that runs Vigil' : name(id))))].join(', ')}`,
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

export function hasWords(event: AlertEvent): event is ToldEvent {
  return event.type !== 'asking' && event.type !== 'waiting';
}

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
export function eventInWords(event: ToldEvent, kind: AlertKind, name: NameOf): string {
  const words = { ...sentences, ...sentencesOf[kind] };
  const sentence = words[event.type] as (event: AlertEvent, name: NameOf) => string;
  return sentence(event, name);
}
