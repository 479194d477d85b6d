/** Every event that an alert can have, and every standing in which it can have it: for what holds of all of them. */
import {
  type Alert,
  operationsMail,
  operationsWebhook,
  type Standing,
} from '../../../handlers/alert/alert.ts';
import type { AlertEvent, AlertEventType, EventOf, Request, StepOf } from '../../../handlers/alert/event.ts';
import {
  aClosedAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  bed4,
  doctor,
  minute,
  nurse,
  START,
} from './builders.ts';

const envelope = { seq: 7, at: minute(4), writeId: 'w-7' };
const wait = { deadline: minute(6), dueAt: minute(7) };
const dueAt = minute(5);
const there = { ...bed4, ward: 'ward-002', bed: '1', device: 'bp-5' };
const sighting = { place: there, at: minute(3) };
const toNurse: Request = {
  pageId: 'page-nurse',
  clinicianId: nurse.id,
  role: 'nurse',
  purpose: 'page',
};
const toDoctor: Request = {
  pageId: 'page-doctor',
  clinicianId: doctor.id,
  role: 'doctor',
  purpose: 'worse',
};
/** The step of the alerts below, and one that is over. */
const step: StepOf = { id: 1, round: 1, escalationLevel: 'nurse', attempt: 0 };
const earlier: StepOf = { ...step, id: 0 };
const danger = {
  systolicHigh: { mmHg: 205, limitMmHg: 180 },
  systolicLow: null,
  diastolicHigh: { mmHg: 123, limitMmHg: 120 },
};
const measurementId = 'bp-1@3';
const read = {
  readingId: 'reading-7',
  measurementId,
  policy: 'obstetric',
  sighting,
  arrivedAt: START,
  measuredAt: minute(3),
  danger,
};
const turns = { [doctor.id]: at(250) };

const events: { [Type in AlertEventType]: Omit<EventOf<Type>, keyof typeof envelope>[] } = {
  raised: [
    {
      type: 'raised',
      ...read,
      level: 'critical',
      alertKey: 'PATIENT#p-7',
      alertId: '3f9a0c21b7de4455',
      executionName: 'exec-1',
      patientId: 'p-7',
      ...wait,
    },
    {
      type: 'raised',
      ...read,
      level: 'critical',
      alertKey: 'PATIENT#p-7',
      alertId: '77aa0c21b7de4455',
      executionName: 'exec-1',
      patientId: 'p-7',
      formerIncidents: ['VG 7F3K9Q'],
      ...wait,
    },
  ],
  joined: [
    { type: 'joined', ...read, level: 'critical', news: null, takenOverBy: null, ...wait },
    { type: 'joined', ...read, level: 'emergency', news: 'worse', takenOverBy: 'exec-2', ...wait },
    { type: 'joined', ...read, level: 'suspect-critical', news: 'moved', takenOverBy: null, ...wait },
  ],
  withdrawn: [
    { type: 'withdrawn', measurementId, all: true },
    { type: 'withdrawn', measurementId: 'bp-1@2', all: false },
  ],
  asking: [
    { type: 'asking', pages: [toNurse], news: null, sighting: null, ...wait },
    { type: 'asking', pages: [toNurse, toDoctor], news: 'worse', sighting: null, ...wait },
    { type: 'asking', pages: [toDoctor], news: 'moved', sighting, ...wait },
  ],
  waiting: [
    { type: 'waiting', sighting: null, ...wait },
    { type: 'waiting', sighting, ...wait },
  ],
  paged: [
    { type: 'paged', step, pages: [toNurse], turns, dueAt },
    { type: 'paged', step: earlier, pages: [toNurse, toDoctor], turns: {}, dueAt },
  ],
  deferred: [
    { type: 'deferred', step, turns, dueAt },
    { type: 'deferred', step: earlier, turns, dueAt },
  ],
  operationsTold: [
    { type: 'operationsTold', step, by: ['mail', 'webhook'], dueAt },
    { type: 'operationsTold', step: earlier, by: ['mail'], dueAt },
  ],
  undeliverable: [{ type: 'undeliverable', pages: [toNurse, toDoctor], reason: 'NotFound', dueAt }],
  accepted: [{ type: 'accepted', clinicianId: doctor.id, role: 'doctor', ...wait }],
  declined: [
    { type: 'declined', clinicianId: nurse.id, reason: 'cannotCome', dueAt },
    { type: 'declined', clinicianId: doctor.id, reason: 'wrongPins', dueAt },
  ],
  timedOut: [{ type: 'timedOut', because: 'timeIsUp', escalationLevel: 'nurse', attempt: 1, ...wait }],
  escalated: [
    { type: 'escalated', because: 'everybodyDeclined', escalationLevel: 'doctor', attempt: 0, ...wait },
    { type: 'escalated', because: 'nobodyReached', escalationLevel: 'everyone', attempt: 0, ...wait },
  ],
  unanswered: [{ type: 'unanswered', because: 'timeIsUp', escalationLevel: 'everyone', attempt: 1, ...wait }],
  backedOff: [{ type: 'backedOff', because: 'nobodyReached', ...wait }],
  interrupted: [
    { type: 'interrupted', by: 'worse', escalationLevel: 'nurse', ...wait },
    { type: 'interrupted', by: 'moved', escalationLevel: 'nurse', ...wait },
    { type: 'interrupted', by: 'withdrawn', escalationLevel: 'nurse', ...wait },
  ],
  rechecked: [
    { type: 'rechecked', found: 'stillCritical', escalationLevel: 'doctor', ...wait },
    { type: 'rechecked', found: 'noGoodMeasurement', escalationLevel: 'nurse', ...wait },
  ],
  handedOver: [
    { type: 'handedOver', clinicianId: nurse.id, to: doctor.id, escalationLevel: 'doctor', ...wait },
  ],
  givenBack: [{ type: 'givenBack', clinicianId: nurse.id, escalationLevel: 'doctor', ...wait }],
  stoodDown: [
    { type: 'stoodDown', whom: [doctor.id, operationsMail, operationsWebhook], notBefore: null, dueAt },
    { type: 'stoodDown', whom: [], notBefore: minute(5), dueAt },
    { type: 'stoodDown', whom: [], notBefore: null, dueAt },
  ],
  resumed: [{ type: 'resumed', because: 'overdue', executionName: 'exec-1-a1', dueAt }],
  closed: [
    { type: 'closed', reason: 'recovered', clinicianId: null },
    { type: 'closed', reason: 'transferred', clinicianId: nurse.id },
    { type: 'closed', reason: 'measuredByHand', clinicianId: nurse.id, usefulness: 'acted' },
  ],
};

export const everyEvent = Object.values(events)
  .flat()
  .map((event) => ({ ...event, ...envelope }) as AlertEvent);

const standings: { [Is in Standing['is']]: Alert } = {
  waiting: aPagedAlert(),
  backingOff: aPagedAlert({ standing: { is: 'backingOff' } }),
  owned: anOwnedAlert(),
  closed: aClosedAlert(),
};

/** Each remembers that the nurse was asked, under the page that it still has. */
export const everyStanding = Object.values(standings).map(
  (alert): Alert => ({
    ...alert,
    events: [{ ...envelope, ...events.asking[0], seq: alert.seq } as AlertEvent],
  }),
);
