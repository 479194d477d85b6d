/** What ends a wait before its time: an answer, or news for whoever waits. */
import type { AlertEvent } from './event.ts';

/** True when whatever waits for the alert is to hear of the event at once. */
export function wakes(event: AlertEvent): boolean {
  switch (event.type) {
    case 'accepted':
    case 'declined':
      return true;
    case 'closed':
      return event.clinicianId !== null;
    case 'joined':
      // Whoever takes an alert over tells of its news itself.
      return event.news !== null && event.takenOverBy === null;
    case 'withdrawn':
      return event.all;
    // Nothing waits for a new alert yet, nor for what has lost its execution.
    case 'raised':
    case 'resumed':
    // The execution's own steps: it knows of them.
    case 'asking':
    case 'waiting':
    case 'paged':
    case 'deferred':
    case 'operationsTold':
    case 'undeliverable':
    case 'timedOut':
    case 'escalated':
    case 'unanswered':
    case 'backedOff':
    case 'interrupted':
    case 'rechecked':
      return false;
  }
}
