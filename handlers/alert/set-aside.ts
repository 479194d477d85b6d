/**
 * An alert whose item can no longer be read is set aside, and its patient raised again. What of the item still can be read is
 * believed; what cannot is taken for the worst.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { noDanger } from '../clinical/danger.ts';
import { alarmLevels } from '../clinical/severity.ts';
import { nowhere, Place } from '../naming/place.ts';
import { later } from '../time/instant.ts';
import { ladderOf } from '../timings/timings.ts';
import { Alert } from './alert.ts';
import { levelFor, patientOf } from './alert-key.ts';
import type { Decision } from './decision.ts';
import { levelSeconds } from './escalation-levels.ts';
import { leftToPager } from './incidents.ts';

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

/** What an item says that does not parse. */
export function setAside(item: Unreadable, at: string): SetAside {
  const alertKey = String(item.pk);
  const seq = lastNumber(item, at) + 1;
  return {
    pk: `ASIDE#${alertKey}#${seq}`,
    kind: 'setAside',
    alertKey,
    alertId: readable(item, 'alertId') ?? null,
    seq,
    at,
    round: readable(item, 'round')?.number ?? 0,
    level: levelFor(alertKey, isOver(item) ? 'suspect-critical' : readable(item, 'worst')),
    place: readable(item, 'place') ?? nowhere,
    policy: readable(item, 'policy') ?? 'adult',
    original: { ...item },
  };
}

/** Raises the patient of an item that was set aside, without a reading. */
export type RaiseUnreadable = { type: 'raiseUnreadable'; aside: SetAside };

/** The patient's next alert, which nobody carries: it is due at once. */
export function raiseUnreadable(alert: Alert | undefined, { aside }: RaiseUnreadable, at: string): Decision {
  if (alert) return { refused: 'readable' };
  const { alertKey, seq, level, place, policy, original } = aside;
  const over = isOver(original);
  // What was loud stays loud: where that cannot be read, somebody beside the nurse hears of it.
  const firstLevel = over ? 'nurse' : (readable(original, 'step')?.escalationLevel ?? 'doctor');
  const isPlaced = readable(original, 'place') !== undefined;
  const [reference, called] = [readable(original, 'reference'), readable(original, 'called')];
  const timings = over ? undefined : readable(original, 'timings');
  const alertId = createHash('sha256').update(`${alertKey}#${seq}`).digest('hex').slice(0, 16);
  return {
    type: 'raised',
    alertKey,
    alertId,
    executionName: alertId,
    patientId: patientOf(alertKey),
    readingId: null,
    measurementId: null,
    level,
    policy,
    sighting: { place, at: (isPlaced ? readable(original, 'placedAt') : null) ?? null },
    arrivedAt: (over ? undefined : readable(original, 'arrivedAt')) ?? at,
    measuredAt: at,
    danger: noDanger,
    firstLevel,
    ...(timings && { timings }),
    ...(reference && called && leftToPager({ reference, called })),
    deadline: later(at, levelSeconds(ladderOf({ worst: level, timings }), firstLevel, 0)),
    dueAt: at,
  };
}

/** What a field holds; undefined when it is not what it should be. */
function readable<Name extends keyof Alert>(item: Unreadable, name: Name): Alert[Name] | undefined {
  return Alert.shape[name].safeParse(item[name]).data as Alert[Name] | undefined;
}

/** It says no more than that it is closed, which is enough to wake nobody for it. */
const Over = z.object({ standing: z.object({ is: z.literal('closed') }), dueOn: z.undefined().optional() });

/** Closed by all that can be read of it, and due no more: whoever is raised again has a reading that says how bad it is. */
export function isOver(item: Unreadable): boolean {
  return Over.safeParse(item).success;
}

/** Half of the safe integers: a number above it was never counted to, and would leave none to go on with. */
const HIGHEST_NUMBER = 2 ** 52;

/** The highest number that it names; without any, the epoch's seconds, which no patient's numbers come to. */
function lastNumber({ seq, events }: Unreadable, at: string): number {
  const ofEvents = Array.isArray(events) ? events.map((event) => event?.seq) : [];
  const numbers = [seq, ...ofEvents].filter(
    (number): number is number => Number.isSafeInteger(number) && number <= HIGHEST_NUMBER,
  );
  return numbers.length > 0 ? Math.max(...numbers) : Math.floor(Date.parse(at) / 1000);
}
