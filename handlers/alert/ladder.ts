/** The ladder: who is asked on which rung, how long each is given, and which rung is louder. */
import { type AlarmLevel, isEmergency } from '../clinical/severity.ts';
import { type Rung, rungs } from './alert.ts';

/** DESIGN's defaults: a page and a reminder, two minutes each; six of them reach `everyone` within 12 of the 15 minutes. */
const RUNG_SECONDS = 120;
/** One minute each: `everyone` is called within 2 of the 5 minutes that an emergency has. */
const EMERGENCY_RUNG_SECONDS = 60;
/** Everyone is called again each quarter of an hour, until somebody answers. */
const EVERYONE_SECONDS = 15 * 60;
/** After acceptance: ACOG CO 767 repeats the measurement within 15 minutes; an emergency within 5. */
const RECHECK_SECONDS = 15 * 60;
const EMERGENCY_RECHECK_SECONDS = 5 * 60;
/** When everyone was tried and nobody could be reached: long enough not to spin, short beside the quarter of an hour. */
export const PAUSE_SECONDS = 60;
/** The page and one reminder. */
const PASSES = 2;

/** Roles that climb; a quality officer, say, is asked by `everyone` alone. */
type ClinicalRole = Exclude<Rung, 'everyone'>;

/**
 * The roles that a rung addresses. An emergency asks all up to the rung, the doctor at least, together; so does, up to
 * the rung, an alert that came from another ward, since those below have not been asked in this one.
 */
export function rolesOn(
  rung: Rung,
  level: AlarmLevel,
  fromAnotherWard = false,
): readonly ClinicalRole[] | 'everyone' {
  if (rung === 'everyone') return 'everyone';
  const roles = rungs.filter((role) => role !== 'everyone');
  if (isEmergency(level)) return roles.slice(0, Math.max(roles.indexOf(rung), roles.indexOf('doctor')) + 1);
  return fromAnotherWard ? roles.slice(0, roles.indexOf(rung) + 1) : [rung];
}

/** The next louder rung; an emergency goes from any rung to everyone. */
export function louder(rung: Rung, level: AlarmLevel): Rung {
  if (isEmergency(level)) return 'everyone';
  return rungs[rungs.indexOf(rung) + 1] ?? 'everyone';
}

/** The rung on which a clinician of this role is asked again; of a role that has none, everyone is. */
export function rungOf(role: string | null): Rung {
  return rungs.find((rung) => rung === role) ?? 'everyone';
}

/** True when this pass is the last of its rung; `everyone` has no last one. */
export function isLastPass(rung: Rung, pass: number): boolean {
  return rung !== 'everyone' && pass + 1 >= PASSES;
}

export function rungSeconds(rung: Rung, level: AlarmLevel): number {
  if (rung === 'everyone') return EVERYONE_SECONDS;
  return isEmergency(level) ? EMERGENCY_RUNG_SECONDS : RUNG_SECONDS;
}

export function recheckSeconds(level: AlarmLevel): number {
  return isEmergency(level) ? EMERGENCY_RECHECK_SECONDS : RECHECK_SECONDS;
}

/** An instant so many seconds later, ISO 8601 UTC. */
export function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

export function sooner(a: string, b: string): string {
  return a < b ? a : b;
}

/** Whole seconds until an instant, at least 1: what a waiting task takes for a timeout, never ending before the instant. */
export function secondsUntil(instant: string, now: string): number {
  return Math.max(1, Math.ceil((Date.parse(instant) - Date.parse(now)) / 1000));
}
