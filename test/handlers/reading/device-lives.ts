/**
 * Lives of a device: what it measured and when it delivered it, when it loses its connection and its clock may jump once, by
 * anything, at any time. True times are known here; the rules never see them.
 */
import fc from 'fast-check';
import { type Contacts, mergeContacts } from '../../../handlers/reading/contacts.ts';
import { type Timeliness, timelinessOf } from '../../../handlers/reading/late.ts';
import { type JudgedReading, mergeVitals } from '../../../handlers/reading/merge-vitals.ts';
import type { Vitals } from '../../../handlers/reading/vitals.ts';
import { judged } from './builders.ts';

const second = 1000;
const minute = 60 * second;
const start = Date.UTC(2026, 2, 2, 8);

export type Measured = { trueMs: number; one: JudgedReading };
export type Life = {
  /** Seconds from one measurement to the next: at least what a cuff needs. */
  pauses: number[];
  outages: { fromMinute: number; minutes: number }[];
  order: 'oldest first' | 'newest first';
  /** When it delivers what it kept: once there is a connection, or together with the next measurement. */
  delivers: 'connected' | 'measuring';
  jump: { atMinute: number; seconds: number };
};

export const life: fc.Arbitrary<Life> = fc.record({
  pauses: fc.array(fc.oneof(fc.integer({ min: 31, max: 300 }), fc.integer({ min: 300, max: 7200 })), {
    minLength: 3,
    maxLength: 25,
  }),
  outages: fc.array(
    fc.record({ fromMinute: fc.nat({ max: 400 }), minutes: fc.integer({ min: 1, max: 300 }) }),
    { maxLength: 3 },
  ),
  order: fc.constantFrom('oldest first', 'newest first'),
  delivers: fc.constantFrom('connected', 'measuring'),
  jump: fc.record({
    atMinute: fc.integer({ min: -1, max: 500 }),
    // Zones, an adjustment by hand, the year 2000.
    seconds: fc.oneof(
      fc.constantFrom(-3600, 3600, -1800, -26 * 365 * 86_400),
      fc.integer({ min: -30_000, max: 30_000 }),
    ),
  }),
});

/** When there is a connection at or after this time. */
function connectedAt(atMs: number, outages: Life['outages']): number {
  const untilMs = outages.flatMap(({ fromMinute, minutes }) => {
    const fromMs = start + fromMinute * minute;
    const toMs = fromMs + minutes * minute;
    return fromMs <= atMs && atMs < toMs ? [toMs] : [];
  });
  return untilMs.length === 0 ? atMs : connectedAt(Math.max(...untilMs), outages);
}

/** What the stream holds of a device's life, in the order of arrival. */
export function streamOf({ pauses, outages, order, delivers, jump }: Life): Measured[] {
  const jumpsAt = start + jump.atMinute * minute;
  const trueTimes = pauses.map((_, index) => {
    const seconds = pauses.slice(0, index + 1).reduce((sum, pause) => sum + pause, 0);
    return start + seconds * second;
  });
  const measured = trueTimes.map((trueMs, index) => {
    const connectedMs = connectedAt(trueMs, outages);
    const withNext = trueTimes.find((next) => next >= connectedMs && connectedAt(next, outages) === next);
    const backAt = (delivers === 'measuring' && withNext) || connectedMs;
    return { index, trueMs, backAt };
  });
  return measured
    .map((of) => {
      const flush = measured.filter(({ backAt }) => backAt === of.backAt);
      const place = order === 'oldest first' ? flush.indexOf(of) : flush.length - 1 - flush.indexOf(of);
      return { ...of, arrivedMs: of.backAt + second + place * 100 };
    })
    .sort((a, b) => a.arrivedMs - b.arrivedMs)
    .map(({ index, trueMs: at, arrivedMs }) => ({
      trueMs: at,
      one: judged({
        readingId: `reading-${index}`,
        measuredAt: new Date(at < jumpsAt ? at : at + jump.seconds * second).toISOString(),
        arrivedAt: new Date(arrivedMs).toISOString(),
        systolicMmHg: 230,
      }),
    }));
}

/** The stream cut into batches of these lengths, over and over. */
export function batches<One>(stream: readonly One[], lengths: readonly number[]): One[][] {
  const cut: One[][] = [];
  for (let from = 0, turn = 0; from < stream.length; turn++) {
    const length = lengths[turn % lengths.length] as number;
    cut.push(stream.slice(from, from + length));
    from += length;
  }
  return cut;
}

/** What the consumer remembers of the device and its patient. */
function merge(
  known: { contacts: Contacts | undefined; vitals: Vitals | undefined },
  readings: JudgedReading[],
) {
  const contacts = mergeContacts(
    known.contacts,
    'bp-1',
    readings.map(({ reading }) => reading),
  );
  const heard = new Map([['bp-1', contacts.heard]]);
  return { contacts, vitals: mergeVitals(known.vitals, 'patient-1', readings, heard) };
}

/** What the consumer makes of each reading; every batch is delivered twice, and `again` told both states of what is remembered. */
export function consumed(
  stream: readonly Measured[],
  lengths: readonly number[],
  again: (once: unknown[], twice: unknown[]) => void = () => {},
): Map<Measured, Timeliness> {
  const found = new Map<Measured, Timeliness>();
  let vitals: Vitals | undefined;
  let contacts: Contacts | undefined;
  for (const batch of batches(stream, lengths)) {
    const readings = batch.map(({ one }) => one);
    const next = { contacts, vitals };
    for (const is of ['once', 'again']) {
      const merged = merge(next, readings);
      if (is === 'again') again([next.contacts, next.vitals], [merged.contacts, merged.vitals]);
      Object.assign(next, merged);
    }
    ({ contacts, vitals } = next);
    const known = { heard: contacts?.heard, recent: vitals?.recent };
    for (const measured of batch) found.set(measured, timelinessOf(measured.one.reading, known));
  }
  return found;
}
