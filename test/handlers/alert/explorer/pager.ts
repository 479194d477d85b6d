/** The operations' pager, as the webhook speaks to it: what somebody has acknowledged rings nobody, however often it is triggered. */
import type { Alert } from '../../../../handlers/alert/alert.ts';
import { operationsWebhook } from '../../../../handlers/alert/alert.ts';
import { incidentAnswered, leftToPager } from '../../../../handlers/alert/incidents.ts';
import { isLetGo } from '../../../../handlers/alert/stand-down.ts';
import type { Pager, World } from './world.ts';

/** It is called, and whether it rings. */
export function called({ pager, silentCalls }: World, key: string): Pick<World, 'pager' | 'silentCalls'> {
  return pager[key] === 'acknowledged'
    ? { pager, silentCalls: silentCalls + 1 }
    : { pager: { ...pager, [key]: 'rings' }, silentCalls };
}

/** It hears that somebody has the alert, or that it is over. */
export function answered(pager: Pager, alert: Alert): Pager {
  const next = { ...pager };
  for (const incident of incidentAnswered(alert).incidents ?? []) {
    if (incident.action === 'trigger') continue;
    for (const key of incident.keys) {
      if (next[key] === undefined || next[key] === 'resolved') continue;
      next[key] = incident.action === 'resolve' ? 'resolved' : 'acknowledged';
    }
  }
  return next;
}

/** A call rings, and no incident is forgotten: the alert knows of it, and once it is over, it is resolved, or will be. */
export function ofPager(before: World, { alert, pager, silentCalls, faults }: World): string | undefined {
  if (silentCalls > before.silentCalls) return 'a call rings nobody, since an earlier one was acknowledged';
  const open = Object.keys(pager).filter((key) => pager[key] !== 'resolved');
  // A function that dies before it has written down what it triggered is tried again, or leaves it to a person.
  if (!alert || faults > 0 || open.length === 0) return undefined;
  const known = leftToPager(alert).formerIncidents ?? [];
  const forgotten = open.find((key) => !known.includes(key));
  if (forgotten) return `nobody knows of the incident ${forgotten} any more`;
  const isHeard = alert.called.whom.includes(operationsWebhook);
  const isTooLate = alert.events.some((event) => event.type === 'stoodDown' && isLetGo(event));
  return alert.standing.is === 'closed' && !isHeard && !isTooLate
    ? 'it is over, and its incident is never resolved'
    : undefined;
}
