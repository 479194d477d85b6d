/** The clock of functions under test, which is the test's own: what AWS does within seconds is done at once, what takes longer never comes. */
import { Clock, type Timer } from '../infra/local/engine/clock.ts';
import { seededRandom } from '../infra/local/engine/random.ts';

const soonMs = 5000;

export class PresentClock extends Clock {
  readonly #soon = new Set<() => void>();

  constructor() {
    super(0, seededRandom(1, 'ties'));
  }
  override now(): number {
    return Date.now();
  }
  override at(instant: number, run: () => void): Timer {
    if (instant <= this.now() + soonMs) {
      this.#soon.add(run);
      queueMicrotask(() => this.pass());
    }
    return { cancel: () => this.#soon.delete(run) };
  }
  override after(milliseconds: number, run: () => void): Timer {
    return this.at(this.now() + milliseconds, run);
  }
  /** Does now what would be done in a moment. */
  pass(): void {
    for (const run of this.#soon) {
      this.#soon.delete(run);
      run();
    }
  }
}
