/** The owner gives the alert up: to a named colleague, or to whoever is next. They stay responsible until the new round has an owner. */
import { isOwned, type OpenAlert, type Owner } from './alert.ts';
import type { Decision } from './decision.ts';
import { levelOf, louder } from './escalation-levels.ts';
import { stepWait } from './move.ts';

/** `to`: who is asked by name, in the role that the roster gives them. */
export type HandOver = {
  type: 'handOver';
  clinicianId: string;
  round: number;
  to: { id: string; role: string };
};
export type GiveBack = { type: 'giveBack'; clinicianId: string; round: number };

/** The colleague is asked alone, then their level, and so on as ever. */
export function handOverTo(alert: OpenAlert, command: HandOver, at: string): Decision {
  const owner = ownerAsking(alert, command);
  if ('refused' in owner) return owner;
  const { id: to, role } = command.to;
  const escalationLevel = levelOf(role);
  const wait = stepWait(escalationLevel, 0, alert, at);
  return { type: 'handedOver', clinicianId: owner.clinicianId, to, escalationLevel, ...wait };
}

/** The level above the owner's is asked at once. */
export function giveBack(alert: OpenAlert, command: GiveBack, at: string): Decision {
  const owner = ownerAsking(alert, command);
  if ('refused' in owner) return owner;
  const { clinicianId, role } = owner;
  const escalationLevel = louder(levelOf(role), alert.worst);
  return { type: 'givenBack', clinicianId, escalationLevel, ...stepWait(escalationLevel, 0, alert, at) };
}

function ownerAsking(
  alert: OpenAlert,
  { clinicianId, round }: HandOver | GiveBack,
): Owner | { refused: 'earlierRound' | 'notOwned' | 'notYours' } {
  if (round !== alert.round.number) return { refused: 'earlierRound' };
  if (!isOwned(alert)) return { refused: 'notOwned' };
  const { owner } = alert.standing;
  return owner.clinicianId === clinicianId ? owner : { refused: 'notYours' };
}
