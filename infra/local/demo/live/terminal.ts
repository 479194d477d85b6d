/** The story in the terminal: one aligned line an event. */
import { DateTime } from 'luxon';
import type { Line } from './story.ts';

function aligned({ at, what, where, more }: Line, zone: string): string {
  const time = DateTime.fromMillis(at, { zone }).toFormat('HH:mm:ss');
  return `${time}  ${what.padEnd(24)}  ${where.padEnd(18)}  ${more}`.trimEnd();
}

/** Prints lines; what happens again and again is one line with a count, once something else happens or the story ends. */
export class Terminal {
  readonly #zone: string;
  readonly #print: (line: string) => void;
  /** By what and where. */
  readonly #repeated = new Map<string, { line: Line; count: number }>();

  /** Times are shown in `zone`. */
  constructor(zone: string, print: (line: string) => void = console.log) {
    this.#zone = zone;
    this.#print = print;
  }

  tell(line: Line): void {
    if (line.again) {
      const key = `${line.what} ${line.where}`;
      this.#repeated.set(key, { line, count: (this.#repeated.get(key)?.count ?? 0) + 1 });
    } else {
      this.end();
      this.#print(aligned(line, this.#zone));
    }
  }

  /** Prints what was held back. */
  end(): void {
    const byTime = [...this.#repeated.values()].sort((a, b) => a.line.at - b.line.at);
    for (const { line, count } of byTime)
      this.#print(aligned(count > 1 ? { ...line, more: `${line.more}, ${count} times` } : line, this.#zone));
    this.#repeated.clear();
  }
}
