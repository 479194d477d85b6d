/** The story of one alert, for whoever looks for why a seed failed: what happened to it, in order, up to the breach. */
import { DateTime } from 'luxon';
import type { AlertEvent } from '../../../handlers/alert/event.ts';
import type { Breach } from './rule.ts';

/** `more`: in words only for whoever reads it. */
type Chapter = { atMs: number; what: string; more: () => string };

/** Kept of each alert: a long one has a few hundred. */
const mostChapters = 400;
/** What an event says that a story needs: who, where, why, until when. */
const told = [
  ...['level', 'because', 'news', 'found', 'by', 'reason', 'escalationLevel', 'attempt'],
  ...['clinicianId', 'to', 'whom', 'notBefore', 'deadline', 'dueAt'],
];

export class Stories {
  readonly #zone: string;
  readonly #chapters = new Map<string, Chapter[]>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  addEvent(alertKey: string, event: AlertEvent): void {
    const chapter = {
      atMs: Date.parse(event.at),
      what: `${event.seq} ${event.type}`,
      more: () => this.#factsOf(event),
    };
    const chapters = this.#chapters.get(alertKey) ?? [];
    if (chapters.push(chapter) > mostChapters) chapters.shift();
    this.#chapters.set(alertKey, chapters);
  }

  #factsOf(event: AlertEvent): string {
    const facts = Object.entries(event).filter(([name, value]) => told.includes(name) && value !== null);
    const people = 'pages' in event ? [['pages', event.pages.map(({ clinicianId }) => clinicianId)]] : [];
    return [...people, ...facts].map(([name, value]) => `${name} ${this.#said(value)}`).join('  ');
  }

  /** The breach, and what led to it. */
  of({ rule, alertKey, atMs, says }: Breach): string[] {
    const chapters = (alertKey && this.#chapters.get(alertKey)) || [];
    const before = chapters.filter((chapter) => chapter.atMs <= atMs);
    const width = Math.max(0, ...before.map(({ what }) => what.length));
    return [
      `broken: ${rule}`,
      ...(alertKey === null ? [] : [`alert ${alertKey}`]),
      ...before.map(({ atMs: at, what, more }) =>
        `${this.#clock(at)}  ${what.padEnd(width)}  ${more()}`.trimEnd(),
      ),
      `${this.#clock(atMs)}  BROKEN  ${says}`,
    ];
  }

  #clock(atMs: number): string {
    return DateTime.fromMillis(atMs, { zone: this.#zone, locale: 'en-GB' }).toFormat('ccc HH:mm:ss.SSS');
  }

  #said(value: unknown): string {
    if (Array.isArray(value)) return value.map((one) => this.#said(one)).join(', ') || 'nobody';
    const isInstant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
    return isInstant ? this.#clock(Date.parse(value)) : String(value);
  }
}
