/** What ends a wait before its time: an answer, or news for whoever waits. */
import type { Alert } from './alert.ts';
import { isAnswered } from './called.ts';
import type { AlertEvent } from './event.ts';

/** True when whatever waits for the alert is to hear of the event at once. `after`: the alert with it. */
export function wakes(event: AlertEvent, after: Alert): boolean {
  switch (event.type) {
    case 'accepted':
    case 'declined':
    case 'handedOver':
    case 'givenBack':
      return true;
    case 'closed':
      return event.clinicianId !== null;
    case 'joined':
      // Whoever takes an alert over tells of its news itself.
      return event.news !== null && event.takenOverBy === null;
    case 'withdrawn':
      return event.all;
    // Somebody was called although nobody is asked any more.
    case 'paged':
    case 'operationsTold':
      return isAnswered(after);
    // Nothing waits for a new alert yet, nor for what has lost its execution.
    case 'raised':
    case 'resumed':
    // The execution's own steps: it knows of them.
    case 'asking':
    case 'waiting':
    case 'deferred':
    case 'undeliverable':
    case 'timedOut':
    case 'escalated':
    case 'unanswered':
    case 'backedOff':
    case 'interrupted':
    case 'rechecked':
    case 'stoodDown':
      return false;
  }
}
