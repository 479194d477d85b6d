/**
 * What an execution did, event by event, with AWS's names.
 *
 * - Ids count from 1; `previousEventId` is the event before it on the same branch, 0 for the first two.
 *   https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 * - An execution's history holds at most 25,000 events; then the execution fails.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
import type { HistoryEvent as SdkHistoryEvent } from '@aws-sdk/client-sfn';
import type { Payload } from '../../engine/service.ts';

export const maximumEvents = 25_000;

export type HistoryEvent = {
  id: number;
  previousEventId: number;
  /** Virtual epoch milliseconds. */
  timestamp: number;
  type: NonNullable<SdkHistoryEvent['type']>;
  details?: Record<string, Payload>;
};

/** One branch's place in the history: the id of its latest event. */
export type Thread = { last: number };

export class History {
  readonly events: HistoryEvent[] = [];
  readonly #now: () => number;
  readonly #onEvent: (event: HistoryEvent) => void;
  #closed = false;

  constructor(now: () => number, onEvent: (event: HistoryEvent) => void) {
    this.#now = now;
    this.#onEvent = onEvent;
  }

  /** Appends an event and gives its id; after the last one nothing is added. */
  add(thread: Thread, type: HistoryEvent['type'], details?: HistoryEvent['details']): number {
    if (this.#closed) return thread.last;
    const event: HistoryEvent = {
      id: this.events.length + 1,
      previousEventId: thread.last,
      timestamp: this.#now(),
      type,
      ...(details && { details }),
    };
    this.events.push(event);
    if (type !== 'ExecutionStarted') thread.last = event.id;
    this.#onEvent(event);
    return event.id;
  }

  /** Appends the event that ends the execution. */
  close(thread: Thread, type: HistoryEvent['type'], details?: HistoryEvent['details']): void {
    this.add(thread, type, details);
    this.#closed = true;
  }

  /** Goes on with an execution that had ended. */
  reopen(thread: Thread, type: HistoryEvent['type'], details: HistoryEvent['details']): void {
    this.#closed = false;
    this.add(thread, type, details);
  }
}
