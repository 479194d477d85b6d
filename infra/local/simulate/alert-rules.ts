/** What holds of each write of an alert: its number, its patient's only one, its owner, and how it ends. */
import { isOpen, isOwned } from '../../../handlers/alert/alert.ts';
import type { Intentions } from './habits.ts';
import type { Heard } from './reading-rules.ts';
import { type AlertWrite, isOfEmergency, isRehearsed, type Tell, type WeekRule } from './rule.ts';

type Known = { heard: Heard; intentions: Intentions };

export function alertRules(tell: Tell, known: Known): WeekRule {
  const owners = new Map<string, string>();

  function numbered({ before, after, event }: AlertWrite): void {
    const expected = (before?.seq ?? 0) + 1;
    if (after.seq !== expected || event.seq !== expected)
      tell('other', 'events are numbered without a gap', after.pk, `${expected} is missing`);
  }

  function onlyOne({ before, after }: AlertWrite): void {
    if (before && isOpen(before) && before.alertId !== after.alertId)
      tell('duplicated', 'a patient has one open alert', after.pk, `${before.alertId} is still open`);
  }

  function oneOwner({ after, event }: AlertWrite): void {
    if (event.type !== 'accepted') return;
    const { clinicianId } = event;
    const round = `${after.alertId} ${after.round.number}`;
    const former = owners.get(round);
    if (former !== undefined)
      tell(
        'other',
        'a round has one owner',
        after.pk,
        `${former} and ${clinicianId} accepted round ${round}`,
      );
    owners.set(round, clinicianId);
    if (!known.intentions.has(clinicianId, after.reference, 'accept'))
      tell('other', 'only a person answers', after.pk, `${clinicianId} accepted nothing`);
  }

  /** Recovered, as the measurements since somebody came show, or closed by somebody. Of what is of nobody: rehearsal-rules.ts. */
  function ended({ before, after, event }: AlertWrite): void {
    const wasOpen = before && isOpen(before) && before.alertId === after.alertId;
    if (!wasOpen || isOpen(after)) return;
    const silent = (says: string) => tell('silentEnd', 'an alert ends for a reason', after.pk, says);
    if (event.type !== 'closed') {
      silent(`it ended by ${event.type}`);
      return;
    }
    const { clinicianId, reason } = event;
    if (clinicianId !== null) {
      if (!known.intentions.has(clinicianId, after.reference, 'close'))
        silent(`${clinicianId} closed nothing`);
    } else if (isRehearsed(after.pk)) return;
    else if (reason !== 'recovered') silent(`nobody closed it, for ${reason}`);
    else if (after.patientId === null) {
      if (!known.heard.isWellSince(after.pk, after.arrivedAt)) silent('the device has not measured well');
    } else if (!isOwned(before)) silent('nobody had accepted');
    else {
      const { attendedAt } = before.standing.owner;
      const needed = isOfEmergency(after) ? 2 : 1;
      if (!known.heard.isRecovered(after.patientId, attendedAt, event.at, needed))
        silent(`no ${needed} good readings since ${attendedAt}`);
    }
  }

  return {
    onAlert(write) {
      numbered(write);
      onlyOne(write);
      oneOwner(write);
      ended(write);
    },
  };
}
