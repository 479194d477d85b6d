/** The faults of a device as they are remembered: which it shows, since when, and whether it has spoken well again. */
import { z } from 'zod';

export const technicalKinds = [
  'unreadable',
  'errorCode',
  'demoMode',
  'invalid',
  'clockOff',
  'silent',
] as const;
export type TechnicalKind = (typeof technicalKinds)[number];

const Instant = z.iso.datetime();

export const Fault = z.object({
  /** Arrival of what it began with. */
  since: Instant,
  /** Arrival of what showed it last, give or take `UNWRITTEN_MS`; absent while that is what it began with, and of silence. */
  shownAt: Instant.exactOptional(),
  /** Arrival of the reading that ended it; absent while it lasts. */
  endedAt: Instant.exactOptional(),
});
export type Fault = z.infer<typeof Fault>;

/** The newest fault of each kind. */
export const FaultsByKind = z.partialRecord(z.enum(technicalKinds), Fault);
export type FaultsByKind = z.infer<typeof FaultsByKind>;

/** What one message, or a silence, says of a device. `id` stays the same however often it is delivered. */
export type DeviceSign = { id: string; at: string; shows: readonly TechnicalKind[]; isGood: boolean };
/** A person has closed the alert of a fault, so that what comes after this is told again. */
export type ForgottenFault = { forgotten: TechnicalKind; at: string };
export type BegunFault = { kind: TechnicalKind; id: string; at: string };

/**
 * A fault that lasts longer is raised anew: it joins its open alert, and opens another one where a person has closed the
 * first. Who closes an alert, and leaves the device as it is, is not asked again the same day.
 */
const RAISED_ANEW_AFTER_MS = 24 * 60 * 60_000;

/**
 * For so long what the table knows of a device may be behind: half of the pause that ends a contact, so that most devices'
 * next reading belongs to it all the same.
 */
export const UNWRITTEN_MS = 2.5 * 60_000;

function isOpenFault(fault: Fault | undefined): fault is Fault {
  return fault !== undefined && fault.endedAt === undefined;
}

/**
 * The faults after these signs, in the order of the stream; the same object when they say nothing new. Of each kind the last
 * fault that begins with them is to be raised; `ended`: those that were open, and are not any more. What is older than the
 * good reading that ended a fault has come again, and begins none.
 */
export function foldFaults(
  known: FaultsByKind,
  signs: readonly (DeviceSign | ForgottenFault)[],
): { faults: FaultsByKind; begun: BegunFault[]; ended: TechnicalKind[] } {
  const faults: FaultsByKind = { ...known };
  const begun = new Map<TechnicalKind, BegunFault>();
  const before = { ...known };
  for (const sign of signs) {
    const { at } = sign;
    if ('forgotten' in sign) {
      const fault = before[sign.forgotten];
      if (isOpenFault(fault) && fault.since <= at)
        before[sign.forgotten] = faults[sign.forgotten] = { ...fault, endedAt: at };
      continue;
    }
    const { id, shows, isGood } = sign;
    for (const kind of shows) {
      const fault = faults[kind];
      if (isKnown(fault, at)) {
        if (kind !== 'silent' && sinceShownMs(fault, at) >= UNWRITTEN_MS)
          faults[kind] = { ...fault, shownAt: at };
        continue;
      }
      if ((before[kind]?.endedAt ?? '') >= at) continue;
      faults[kind] = { since: at };
      begun.set(kind, { kind, id, at });
    }
    if (!isGood) continue;
    for (const kind of technicalKinds) {
      const fault = faults[kind];
      if (isOpenFault(fault) && fault.since <= at && !shows.includes(kind))
        faults[kind] = { ...fault, endedAt: at };
    }
  }
  const isChanged = technicalKinds.some((kind) => faults[kind] !== known[kind]);
  const ended = technicalKinds.filter((kind) => isOpenFault(known[kind]) && !isOpenFault(faults[kind]));
  return { faults: isChanged ? faults : known, begun: [...begun.values()], ended };
}

/** False when neither the signs nor what is known of their device speak of a fault: then there is nothing to see to. */
export function tellOfFaults(signs: readonly DeviceSign[], known: FaultsByKind | undefined): boolean {
  return signs.some(({ shows }) => shows.length > 0) || Object.values(known ?? {}).some(isOpenFault);
}

function sinceShownMs({ since, shownAt = since }: Fault, at: string): number {
  return Date.parse(at) - Date.parse(shownAt);
}

function isKnown(fault: Fault | undefined, at: string): fault is Fault {
  return isOpenFault(fault) && Date.parse(at) - Date.parse(fault.since) <= RAISED_ANEW_AFTER_MS;
}
