/** What a new alert, and a new step, begin with. */
import { noDanger } from '../clinical/danger.ts';
import { type Alert, type Called, operationsWebhook, type Step } from './alert.ts';
import type { EscalationLevel } from './escalation-levels.ts';
import type { EventOf } from './event.ts';
import { referenceOf } from './reference.ts';

export function opened(event: EventOf<'raised'>): Alert {
  const { alertId, level, sighting } = event;
  return {
    pk: event.alertKey,
    kind: 'alert',
    alertId,
    reference: referenceOf(alertId),
    patientId: event.patientId,
    seq: event.seq,
    executionName: event.executionName,
    raisedAgain: 0,
    place: sighting.place,
    placedAt: sighting.at,
    told: [],
    policy: event.policy,
    ...(event.timings && { timings: event.timings }),
    arrivedAt: event.arrivedAt,
    openedAt: event.at,
    worst: level,
    alarmedAt: event.measuredAt,
    announced: null,
    standsOn: [
      { measurementId: event.measurementId, arrivedAt: event.arrivedAt, level, danger: event.danger },
    ],
    withdrawal: null,
    alarmsAgain: false,
    announcedDanger: noDanger,
    round: { number: 1, asking: 'page', declined: [], pages: {}, handedTo: null },
    step: newStep(event.seq, event.firstLevel ?? 'nurse', 0),
    called: calledAtFirst(event),
    standing: { is: 'waiting', deadline: event.deadline, dueAt: event.dueAt, formerOwner: null },
    events: [],
  };
}

/** Nobody, but a pager that has not heard that the alert before is over. */
function calledAtFirst({ formerIncidents }: EventOf<'raised'>): Called {
  if (!formerIncidents) return { whom: [], notBefore: null };
  return { whom: [operationsWebhook], notBefore: null, formerIncidents };
}

/** A step begins: nobody has been asked in it yet. */
export function newStep(id: number, escalationLevel: EscalationLevel, attempt: number): Step {
  return { id, escalationLevel, attempt, asked: [], mailed: [], turns: {}, unreachable: [] };
}
