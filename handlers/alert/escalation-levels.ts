/** The levels of the escalation: who is asked on which, how long, and which is louder. */
import { type AlarmLevel, isEmergency } from '../clinical/severity.ts';
import { later } from '../time/instant.ts';
import { type Ladder, technicalLadder } from '../timings/timings.ts';

/** Quietest first. */
export const escalationLevels = ['nurse', 'doctor', 'lead', 'everyone'] as const;
export type EscalationLevel = (typeof escalationLevels)[number];

/** When everyone was tried and nobody could be reached: long enough not to spin, short beside the quarter of an hour. */
const BACK_OFF_SECONDS = 60;
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

/** The next louder level; an emergency goes from any level to everyone, a technical alert and a check-in past the doctor. */
export function louder(level: EscalationLevel, alarm: AlarmLevel): EscalationLevel {
  if (isEmergency(alarm)) return 'everyone';
  if ((alarm === 'technical' || alarm === 'check-in') && level === 'nurse') return 'lead';
  return escalationLevels[escalationLevels.indexOf(level) + 1] ?? 'everyone';
}

/** The level on which a clinician of this role is asked again; of a role that has none, everyone is. */
export function levelOf(role: string): EscalationLevel {
  return escalationLevels.find((level) => level === role) ?? 'everyone';
}

/** The seconds of each attempt on a level. */
function attemptsOn(ladder: Ladder, level: ClinicalRole): readonly number[] {
  return ladder[`${level}Seconds`];
}

/** True when this attempt is the last of its level; `everyone` has no last one. */
export function isLastAttempt(ladder: Ladder, level: EscalationLevel, attempt: number): boolean {
  return level !== 'everyone' && attempt + 1 >= attemptsOn(ladder, level).length;
}

/** How long an attempt on a level is waited for; one beyond the last, which a worse alert may have, as long as the last. */
export function levelSeconds(ladder: Ladder, level: EscalationLevel, attempt: number): number {
  if (level === 'everyone') return ladder.everyoneAgainSeconds;
  const seconds = attemptsOn(ladder, level);
  return seconds[Math.min(attempt, seconds.length - 1)] as number;
}

/** Nobody could be reached: how long until everyone is tried again. Of a device the operations have heard by then. */
export function backOffSeconds(alarm: AlarmLevel): number {
  return alarm === 'technical' ? technicalLadder.everyoneAgainSeconds : BACK_OFF_SECONDS;
}

/** When the sweeper takes for stuck what should follow, or end, at this instant. */
export function stuckAfter(instant: string): string {
  return later(instant, STUCK_AFTER_SECONDS);
}
