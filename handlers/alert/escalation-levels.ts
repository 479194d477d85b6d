/** The levels of the escalation: who is asked on which, how long each is given, and which is louder. */
import { type AlarmLevel, isEmergency } from '../clinical/severity.ts';
import { later } from '../time/instant.ts';

/** Quietest first. */
export const escalationLevels = ['nurse', 'doctor', 'lead', 'everyone'] as const;
export type EscalationLevel = (typeof escalationLevels)[number];

/** decisions/0022: a page and a reminder, two minutes each; six of them reach `everyone` within 12 of the 15 minutes. */
const LEVEL_SECONDS = 120;
/** One minute each: `everyone` is called within 2 of the 5 minutes that an emergency has. */
const EMERGENCY_LEVEL_SECONDS = 60;
/** Everyone is called again each quarter of an hour, until somebody answers. */
const EVERYONE_SECONDS = 15 * 60;
/** A device's fault harms nobody in minutes: a quarter of an hour a level, and the operations again once a shift. */
const TECHNICAL_LEVEL_SECONDS = 15 * 60;
const TECHNICAL_EVERYONE_SECONDS = 8 * 60 * 60;
/** Time to see to the device, and for its next measurement. */
const TECHNICAL_RECHECK_SECONDS = 60 * 60;
/** After acceptance: ACOG CO 767 repeats the measurement within 15 minutes; an emergency within 5. */
const RECHECK_SECONDS = 15 * 60;
const EMERGENCY_RECHECK_SECONDS = 5 * 60;
/** When everyone was tried and nobody could be reached: long enough not to spin, short beside the quarter of an hour. */
const BACK_OFF_SECONDS = 60;
/** The page and one reminder. */
const ATTEMPTS = 2;
/** When a step follows at once, the sweeper takes it for stuck after a minute: far longer than retries take. */
export const STUCK_AFTER_SECONDS = 60;

/** Roles that climb; a quality officer, say, is asked by `everyone` alone. */
type ClinicalRole = Exclude<EscalationLevel, 'everyone'>;

/**
 * The roles that a level addresses. An emergency asks all up to the level, the doctor at least, together; so does, up to
 * the level, an alert that came from another ward, since those below have not been asked in this one. A technical one asks
 * no doctor, and at last lead and nurse again, beside the operations: at night the nurse was not asked, and a ward may have no lead.
 */
export function rolesOn(
  level: EscalationLevel,
  alarm: AlarmLevel,
  fromAnotherWard = false,
): readonly ClinicalRole[] | 'everyone' {
  if (alarm === 'technical') {
    if (level === 'doctor') return [];
    return level === 'everyone' ? ['lead', 'nurse'] : [level];
  }
  if (level === 'everyone') return 'everyone';
  const roles = escalationLevels.filter((role) => role !== 'everyone');
  if (isEmergency(alarm)) return roles.slice(0, Math.max(roles.indexOf(level), roles.indexOf('doctor')) + 1);
  return fromAnotherWard ? roles.slice(0, roles.indexOf(level) + 1) : [level];
}

/** The next louder level; an emergency goes from any level to everyone, a technical alert past the doctor. */
export function louder(level: EscalationLevel, alarm: AlarmLevel): EscalationLevel {
  if (isEmergency(alarm)) return 'everyone';
  if (alarm === 'technical' && level === 'nurse') return 'lead';
  return escalationLevels[escalationLevels.indexOf(level) + 1] ?? 'everyone';
}

/** The level on which a clinician of this role is asked again; of a role that has none, everyone is. */
export function levelOf(role: string): EscalationLevel {
  return escalationLevels.find((level) => level === role) ?? 'everyone';
}

/** True when this attempt is the last of its level; `everyone` has no last one. */
export function isLastAttempt(level: EscalationLevel, attempt: number, alarm: AlarmLevel): boolean {
  return level !== 'everyone' && attempt + 1 >= (alarm === 'technical' ? 1 : ATTEMPTS);
}

export function levelSeconds(level: EscalationLevel, alarm: AlarmLevel): number {
  if (level === 'everyone') return alarm === 'technical' ? TECHNICAL_EVERYONE_SECONDS : EVERYONE_SECONDS;
  if (alarm === 'technical') return TECHNICAL_LEVEL_SECONDS;
  return isEmergency(alarm) ? EMERGENCY_LEVEL_SECONDS : LEVEL_SECONDS;
}

/** Nobody could be reached: how long until everyone is tried again. Of a device the operations have heard by then. */
export function backOffSeconds(alarm: AlarmLevel): number {
  return alarm === 'technical' ? TECHNICAL_EVERYONE_SECONDS : BACK_OFF_SECONDS;
}

export function recheckSeconds(alarm: AlarmLevel): number {
  if (alarm === 'technical') return TECHNICAL_RECHECK_SECONDS;
  return isEmergency(alarm) ? EMERGENCY_RECHECK_SECONDS : RECHECK_SECONDS;
}

/** When the sweeper takes for stuck what should follow, or end, at this instant. */
export function stuckAfter(instant: string): string {
  return later(instant, STUCK_AFTER_SECONDS);
}
