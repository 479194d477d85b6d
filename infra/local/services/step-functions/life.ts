/**
 * How long something may act: an execution, the iterations of a Map, one attempt of a task. When a life ends, its
 * timers are cancelled and whatever it waits for is never heard of again, so a stopped execution does nothing more.
 */
import type { Clock } from '../../engine/clock.ts';

export class Life {
  readonly #clock: Clock;
  readonly #endings = new Set<() => void>();
  #alive = true;

  constructor(clock: Clock, parent?: Life) {
    this.#clock = clock;
    if (!parent) return;
    this.#alive = parent.alive;
    this.onEnd(parent.onEnd(() => this.end()));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs `ending` when this life ends, the latest first; the result takes it back. */
  onEnd(ending: () => void): () => void {
    this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const ending of [...this.#endings].reverse()) ending();
    this.#endings.clear();
  }

  /** Runs `run` after a while, unless this life ends first. */
  after(milliseconds: number, run: () => void): void {
    if (!this.#alive) return;
    const timer = this.#clock.after(milliseconds, () => {
      keep();
      run();
    });
    const keep = this.onEnd(() => timer.cancel());
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** The result of some work; settles never once this life has ended, and then starts nothing. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return;
      work().then(
        (value) => this.#alive && resolve(value),
        (error) => this.#alive && reject(error),
      );
    });
  }
}
