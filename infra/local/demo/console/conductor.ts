/**
 * The one loop that drives the clock while a person watches: fast while nothing waits for an answer, at real speed while
 * a page does, or at a pace that was chosen. Buttons never run the clock themselves, they only say what the loop does next.
 */
import { setTimeout as realSleep } from 'node:timers/promises';
import type { Clock } from '../../engine/clock.ts';
import { wallClock } from '../../engine/determinism.ts';

export const paces = ['auto', '1', '10', '60'] as const;
export type Pace = (typeof paces)[number];

/** A virtual minute a second. */
const fast = 60;
/** Often enough that time seems to flow, seldom enough that an idle ward costs little. */
const tickMs = 40;
/** After a tick that took longer than this (a report, a sleeping laptop) the clock does not make up for it. */
const longestTickMs = 250;

type Errand = { name: string; until: number; done: () => boolean; finished: () => void };

export class Conductor {
  pace: Pace = 'auto';
  paused = false;
  #clock: Clock;
  #waits: () => boolean;
  #errand: Errand | undefined;
  #asked = 0;
  #stopping = false;

  /** `waits` says whether a page waits for an answer. */
  constructor(clock: Clock, waits: () => boolean) {
    this.#clock = clock;
    this.#waits = waits;
  }

  /** What the clock is hurrying to, if it is. */
  get errand(): string | undefined {
    return this.#errand?.name;
  }

  /** Virtual seconds a second. */
  get speed(): number {
    if (this.pace !== 'auto') return Number(this.pace);
    return this.#waits() ? 1 : fast;
  }

  stop(): void {
    this.#stopping = true;
  }

  /** Also ends a hurry. */
  pause(): void {
    this.paused = true;
    this.#end();
  }

  /** Runs the clock as fast as it can until `done`, or an instant, whichever is first; a newer hurry takes its place. */
  hurry(name: string, until: number, done: () => boolean = () => false): Promise<void> {
    this.#end();
    return new Promise((finished) => {
      this.#errand = { name, until, done, finished };
    });
  }

  /** Work that somebody waits for; it gets its few virtual milliseconds even while the clock is paused. */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    this.#asked++;
    try {
      return await work();
    } finally {
      this.#asked--;
    }
  }

  /** Until `stop`. */
  async run(): Promise<void> {
    let before = wallClock();
    while (!this.#stopping) {
      const errand = this.#errand;
      const passed = Math.min(wallClock() - before, longestTickMs);
      before = wallClock();
      if (errand) {
        await this.#clock.run(errand.until, () => this.#stopping || this.#errand !== errand || errand.done());
        if (this.#errand === errand) this.#end();
      } else if (this.#asked > 0) {
        await this.#clock.run(Number.POSITIVE_INFINITY, () => this.#stopping || this.#asked === 0);
      } else if (!this.paused) {
        await this.#clock.run(
          this.#clock.now() + passed * this.speed,
          () => this.#stopping || this.#asked > 0 || this.#errand !== undefined,
        );
      }
      await realSleep(tickMs);
    }
    this.#end();
  }

  #end(): void {
    this.#errand?.finished();
    this.#errand = undefined;
  }
}
