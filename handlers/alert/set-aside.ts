/**
 * An alert whose item can no longer be read is set aside, and its patient raised again. What of the item still can be read is
 * believed; what cannot is taken for the worst.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { alarmLevels } from '../clinical/severity.ts';
import { nowhere, Place } from '../naming/place.ts';
import { later } from '../time/instant.ts';
import { Alert } from './alert.ts';
import { patientOf } from './claim-reading.ts';
import { levelSeconds } from './escalation-levels.ts';
import type { EventOf } from './event.ts';

/** As the table has it. */
type Unreadable = Readonly<Record<string, unknown>>;

/** The item as it was, for whoever finds out why, with what the archive is to know of it. Never deleted. */
export const SetAside = z.strictObject({
  /** `ASIDE#<alertKey>#<seq>`. */
  pk: z.string(),
  kind: z.literal('setAside'),
  alertKey: z.string(),
  /** Null where even that could not be read. */
  alertId: z.string().nullable(),
  /** The alert's next number: the archive has an event of it. */
  seq: z.int(),
  at: z.iso.datetime(),
  /** 0 where it could not be read. */
  round: z.int(),
  level: z.enum(alarmLevels),
  place: Place,
  policy: z.string(),
  original: z.record(z.string(), z.unknown()),
});
export type SetAside = z.infer<typeof SetAside>;

/** Both the record of the item and the event that begins the patient's next alert, which nobody carries: it is due at once. */
export function setAside(
  item: Unreadable,
  at: string,
): { aside: SetAside; raised: Omit<EventOf<'raised'>, 'writeId'> } {
  const alertKey = String(item.pk);
  const seq = lastNumber(item, at) + 1;
  const level = isOver(item) ? alarmLevels[0] : (readable(item, 'worst') ?? 'emergency');
  const place = readable(item, 'place');
  const policy = readable(item, 'policy') ?? 'adult';
  const alertId = createHash('sha256').update(`${alertKey}#${seq}`).digest('hex').slice(0, 16);
  return {
    aside: {
      pk: `ASIDE#${alertKey}#${seq}`,
      kind: 'setAside',
      alertKey,
      alertId: readable(item, 'alertId') ?? null,
      seq,
      at,
      round: readable(item, 'round')?.number ?? 0,
      level,
      place: place ?? nowhere,
      policy,
      original: { ...item },
    },
    raised: {
      type: 'raised',
      seq: seq + 1,
      at,
      alertKey,
      alertId,
      executionName: alertId,
      patientId: patientOf(alertKey),
      readingId: null,
      level,
      policy,
      sighting: { place: place ?? nowhere, at: (place && readable(item, 'placedAt')) ?? null },
      arrivedAt: at,
      measuredAt: at,
      deadline: later(at, levelSeconds('nurse', level)),
      dueAt: at,
    },
  };
}

/** What a field holds; undefined when it is not what it should be. */
function readable<Name extends keyof Alert>(item: Unreadable, name: Name): Alert[Name] | undefined {
  return Alert.shape[name].safeParse(item[name]).data as Alert[Name] | undefined;
}

/** Closed by all that can be read of it, and due no more: whoever is raised again has a reading that says how bad it is. */
function isOver(item: Unreadable): boolean {
  return readable(item, 'standing')?.is === 'closed' && item.dueOn === undefined;
}

/** The highest number that it names; without any, the epoch's seconds, which no patient's numbers come to. */
function lastNumber({ seq, events }: Unreadable, at: string): number {
  const ofEvents = Array.isArray(events) ? events.map((event) => event?.seq) : [];
  const numbers = [seq, ...ofEvents].filter((number): number is number => Number.isSafeInteger(number));
  return numbers.length > 0 ? Math.max(...numbers) : Math.floor(Date.parse(at) / 1000);
}
