/**
 * Virtual time for the whole account: one heap of timers, one loop that pops them in order. Time never moves while
 * something real (scrypt, DuckDB, a file) is pending, and real results are released in the order in which they were
 * asked for, so the same seed gives the same run on any machine.
 */
import type { Random } from './random.ts';

export const minuteMs = 60_000;

export type Timer = { cancel(): void };

type Entry = { at: number; tie: number; id: number; run: (() => void) | null };

const realSetImmediate = setImmediate;
/** One turn of the real event loop: every promise reaction that can run has run. */
const drain = () => new Promise<void>((resolve) => realSetImmediate(resolve));

export class Clock {
  #now: number;
  #heap: Entry[] = [];
  #nextId = 0;
  #ties: Random;
  /** Settled in issue order: the head of the queue is released first, however long it takes. */
  #real: { settled: Promise<void>; release: () => void }[] = [];
  #running = false;

  constructor(startAt: number, ties: Random) {
    this.#now = startAt;
    this.#ties = ties;
  }

  /** Epoch milliseconds of virtual time. */
  now(): number {
    return this.#now;
  }

  /** When the next timer is due, or undefined when nothing is left to happen. */
  nextAt(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.at;
  }

  /** Runs `run` at an instant, in whole milliseconds as Date has them (never in the past); equal instants are ordered by a seeded tie. */
  at(instant: number, run: () => void): Timer {
    const entry: Entry = {
      at: Math.max(Math.ceil(instant), this.#now),
      tie: this.#ties.next(),
      id: this.#nextId++,
      run,
    };
    this.#push(entry);
    return {
      cancel: () => {
        entry.run = null;
      },
    };
  }

  after(milliseconds: number, run: () => void): Timer {
    return this.at(this.#now + milliseconds, run);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Work that the virtual world waits for: time stands still until it is done, and results keep the order of asking. */
  real<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let release = () => {};
      const settled = work.then(
        (value) => {
          release = () => resolve(value);
        },
        (error) => {
          release = () => reject(error);
        },
      );
      this.#real.push({ settled, release: () => release() });
    });
  }

  /** Lets everything that needs no time happen. */
  async settle(): Promise<void> {
    await drain();
    for (let head = this.#real.shift(); head; head = this.#real.shift()) {
      await head.settled;
      head.release();
      await drain();
    }
  }

  /** Runs timers in order until `until` (inclusive) or until `done` says so; then time stands at `until`. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    if (this.#running) throw new Error('The clock is already running; only the outermost loop may drive it.');
    this.#running = true;
    try {
      await this.settle();
      for (;;) {
        if (done()) return;
        const at = this.nextAt();
        if (at === undefined || at > until) break;
        const entry = this.#pop();
        this.#now = entry.at;
        entry.run?.();
        await this.settle();
      }
      if (Number.isFinite(until)) this.#now = Math.max(this.#now, until);
    } finally {
      this.#running = false;
    }
  }

  #dropCancelled(): void {
    while (this.#heap[0] && this.#heap[0].run === null) this.#pop();
  }

  #before(a: Entry, b: Entry): boolean {
    return a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.id < b.id;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(entry, heap[parent] as Entry)) break;
      heap[index] = heap[parent] as Entry;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0] as Entry;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!this.#before(heap[child] as Entry, last)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}
