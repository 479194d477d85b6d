/** A night to be archived: readings arrive, alerts live, each step a row that the real rules and mappings give. */

import { type Alert, isOpen, type OpenAlert } from '../../handlers/alert/alert.ts';
import { requestsOf } from '../../handlers/alert/ask.ts';
import type { Claim, UnfulfilledClaim } from '../../handlers/alert/claim.ts';
import { claimDrill } from '../../handlers/alert/claim-drill.ts';
import { claimFault } from '../../handlers/alert/claim-fault.ts';
import { claimReading } from '../../handlers/alert/claim-reading.ts';
import type { ChosenReason } from '../../handlers/alert/closing-reasons.ts';
import type { AlertCommand } from '../../handlers/alert/decide.ts';
import type { DeclineReason, MoveReason, Request, StepOf } from '../../handlers/alert/event.ts';
import { alertRows, claimRows, type EventRow } from '../../handlers/alert/event-rows.ts';
import { stepOf } from '../../handlers/alert/mails.ts';
import type { Responder } from '../../handlers/alert/responders.ts';
import { judge, levelIfReal } from '../../handlers/clinical/judge.ts';
import { adult, type Policy } from '../../handlers/clinical/policies.ts';
import type { Reading } from '../../handlers/clinical/reading.ts';
import { archiveRow } from '../../handlers/reading/archive-row.ts';
import type { JudgedReading } from '../../handlers/reading/merge-vitals.ts';
import { seenAs, when, whenRaised } from '../handlers/alert/builders.ts';

export type ReadingRow = ReturnType<typeof archiveRow>;

/** The night of the tests: from 06:00 UTC to 06:00 UTC. */
export const window = { from: '2026-03-02T06:00:00.000Z', to: '2026-03-03T06:00:00.000Z' };
/** An instant so many minutes after the night began. */
export const minute = (minutes: number) =>
  new Date(Date.parse(window.from) + Math.round(minutes * 60_000)).toISOString();
/** A quarter of an hour after its end the report begins. */
export const reportAt = minute(24 * 60 + 15);

export const nurse: Responder = { id: 'nurse-1', role: 'nurse' };
export const doctor: Responder = { id: 'doctor-1', role: 'doctor' };

export class Night {
  readings: ReadingRow[] = [];
  events: EventRow[] = [];
  quarantine: Record<string, unknown>[] = [];
  alerts = new Map<string, Alert>();
  #count = 0;

  /** A reading of 190/100 of patient p-1, unless said otherwise, at a minute of the night. */
  arrives(
    at: number,
    said: Partial<Reading> = {},
    policy: Policy = adult,
    unknownDevice = false,
  ): JudgedReading {
    const reading: Reading = {
      readingId: `reading-${String(++this.#count).padStart(16, '0')}`.split('').reverse().join(''),
      measurementId: `measurement-${this.#count}`,
      replaces: false,
      deviceId: `bp-${said.patientId ?? 'p-1'}`,
      patientId: 'p-1',
      bothNamed: true,
      patientKnown: true,
      ward: 'ward-001',
      bed: '4',
      deviceRegistered: true,
      placeKnown: true,
      cohort: 'adult',
      ageYears: null,
      measuredAt: minute(at - 0.02),
      arrivedAt: minute(at),
      systolicMmHg: 190,
      diastolicMmHg: 100,
      meanArterialMmHg: null,
      pulseBpm: null,
      quality: 'measured',
      assumed: [],
      source: 'vigil',
      ...said,
    };
    const judgement = judge(reading, policy);
    this.readings.push(
      archiveRow({ reading, judgement, unknown: { device: unknownDevice, ward: false, bed: false } }),
    );
    return { reading, judgement };
  }

  #claim(of: JudgedReading, superseded = false, at = of.reading.arrivedAt): Claim {
    const { level } = of.judgement;
    if (!level) throw new Error('A reading that does not alarm is not claimed');
    return claimReading(of, level, superseded ? 'overtaken' : 'inTime', at);
  }

  #write(alert: Alert): Alert {
    this.events.push(...alertRows(undefined, alert));
    this.alerts.set(alert.pk, alert);
    return alert;
  }

  #does(alert: Alert, at: number, command: AlertCommand): Alert {
    return this.#write(when(alert, command, minute(at)));
  }

  supersedes(of: JudgedReading, at = of.reading.arrivedAt): void {
    this.events.push(...claimRows(undefined, this.#claim(of, true, at)));
  }

  /** Opens an alert, or joins the patient's open one, a second after the arrival unless said otherwise. */
  raises(of: JudgedReading, at = minute(minutesOf(of.reading.arrivedAt) + 1 / 60)): Alert {
    const claim = this.#claim(of) as UnfulfilledClaim;
    return this.#write(whenRaised(this.alerts.get(claim.alertKey), claim, at));
  }

  /** A device reports error codes: its alert opens a second later, or the open one is joined. */
  fails(at: number, device = 'bp-1'): Alert {
    const registry = { fallbackWard: 'ward-001', devices: [{ id: device, ward: 'ward-001', bed: '4' }] };
    const fault = { kind: 'errorCode' as const, id: `record-${++this.#count}`, at: minute(at) };
    const claim = claimFault(device, fault, registry, minute(at));
    return this.#write(whenRaised(this.alerts.get(claim.alertKey), claim, minute(at + 1 / 60)));
  }

  /** A test in an announced drill: its alert opens a second later, or the open one is joined. */
  drills(at: number, said: Partial<Reading> = {}): Alert {
    const of = this.arrives(at, { quality: 'test', ...said });
    const claim = claimDrill(of, levelIfReal(of.judgement) ?? 'critical', minute(at)) as UnfulfilledClaim;
    return this.#write(whenRaised(this.alerts.get(claim.alertKey), claim, minute(at + 1 / 60)));
  }

  /** It ends by itself, since somebody has accepted, or nobody will. */
  ends(alert: Alert, at: number): Alert {
    return this.#does(alert, at, { type: 'closeRecovered', seen: seenAs(alert), recent: [] });
  }

  /** The device has spoken well, and its alert ends by it. */
  recovers(alert: Alert, at: number): Alert {
    const fault = { since: alert.alarmedAt, endedAt: minute(at) };
    return this.#does(alert, at, { type: 'closeRecovered', seen: seenAs(alert), recent: [], fault });
  }

  /** The token is stored, and mails are to follow. */
  asks(alert: Alert, at: number, people: readonly Responder[] = [nurse]): Alert {
    const newPageIds = people.map((_, index) => `page-${alert.alertId}-${alert.seq}-${index}`);
    return this.#does(alert, at, {
      type: 'ask',
      seen: seenAs(alert),
      responders: people,
      sighting: undefined,
      newPageIds,
    });
  }

  /** Asks them, and their mails are published at once. */
  pages(alert: Alert, at: number, people: readonly Responder[] = [nurse]): Alert {
    const asked = this.asks(alert, at, people);
    const published = requestsOf(asked, people).filter(
      ({ clinicianId }) => !asked.step.mailed.includes(clinicianId),
    );
    return this.#does(asked, at, { type: 'recordMails', step: stepOf(asked), published, turns: {} });
  }

  /** Asks them, and none of their mails can be sent. */
  failsToMail(alert: Alert, at: number, people: readonly Responder[] = [nurse]): Alert {
    const asked = this.asks(alert, at, people);
    const failed = requestsOf(asked, people).map((request) => ({ ...request, reason: 'NotFound' }));
    return this.#does(asked, at, {
      type: 'recordUndeliverable',
      seen: seenAs(asked),
      failed,
      nobodyReached: true,
    });
  }

  tellsOperations(alert: Alert, at: number): Alert {
    return this.#does(alert, at, { type: 'recordOperationsTold', step: stepOf(alert), by: ['mail'] });
  }

  movesOn(alert: Alert, at: number, because: MoveReason = 'timeIsUp'): Alert {
    return this.#does(alert, at, { type: 'moveOn', seen: seenAs(alert), because });
  }

  asksAnew(alert: Alert, at: number, asking: 'recheck' | 'repeat' | 'worse'): Alert {
    return this.#does(alert, at, { type: 'beginRound', seen: seenAs(alert), asking });
  }

  accepts(alert: Alert, at: number, by: Responder = nurse): Alert {
    const { round, worst: shownLevel } = alert;
    const { id: clinicianId, role } = by;
    return this.#does(alert, at, { type: 'accept', clinicianId, role, round: round.number, shownLevel });
  }

  declines(alert: Alert, at: number, by: Responder = nurse, reason: DeclineReason = 'cannotCome'): Alert {
    return this.#does(alert, at, {
      type: 'decline',
      clinicianId: by.id,
      round: alert.round.number,
      reason,
    });
  }

  handsOver(alert: Alert, at: number, to: Responder = doctor): Alert {
    const { number: round } = alert.round;
    return this.#does(alert, at, { type: 'handOver', clinicianId: nurse.id, round, to });
  }

  givesBack(alert: Alert, at: number): Alert {
    return this.#does(alert, at, { type: 'giveBack', clinicianId: nurse.id, round: alert.round.number });
  }

  /** Mails that were under way when it was closed: recorded all the same, and whoever got one is told. */
  hearsLate(alert: Alert, at: number, step: StepOf, published: Request[]): Alert {
    const called = this.#does(alert, at, { type: 'recordMails', step, published, turns: {} });
    const { whom } = called.called;
    return this.#does(called, at, { type: 'recordStandDown', whom, notBefore: null });
  }

  closes(alert: Alert, at: number, reason: ChosenReason = 'transferred'): Alert {
    return this.#does(alert, at, { type: 'close', clinicianId: nurse.id, reason, shownLevel: alert.worst });
  }

  /** The whole of it: raised, paged after a second, accepted after a minute, closed after a quarter of an hour. */
  lives(of: JudgedReading): Alert {
    const from = minutesOf(of.reading.arrivedAt);
    const paged = this.pages(this.raises(of), from + 0.05);
    return this.closes(this.accepts(paged, from + 1), from + 16);
  }

  open(): OpenAlert[] {
    return [...this.alerts.values()].filter(isOpen);
  }
}

/** The alert as the list of the open ones has it: due at that minute of the night, if one is said. */
export function listed(alert: Alert, dueAt?: number): OpenAlert {
  if (!isOpen(alert)) throw new Error(`The alert ${alert.alertId} is closed`);
  if (dueAt === undefined) return alert;
  return { ...alert, standing: { ...alert.standing, dueAt: minute(dueAt) } };
}

const minutesOf = (at: string) => (Date.parse(at) - Date.parse(window.from)) / 60_000;

/** One alert that was answered and closed, one normal reading, one that joined, one superseded, one in quarantine. */
export function aNight(): Night {
  const night = new Night();
  night.arrives(5, { patientId: 'p-2', systolicMmHg: 120, diastolicMmHg: 80 });
  night.pages(night.raises(night.arrives(60)), 60.05);
  const joined = night.raises(night.arrives(61, { systolicMmHg: 195 }));
  night.closes(night.accepts(joined, 62), 75);
  night.supersedes(night.arrives(60.1, { measuredAt: minute(30), systolicMmHg: 85, diastolicMmHg: 50 }));
  night.quarantine.push({
    shard_id: 'shardId-0',
    sequence_number: '1',
    item_index: 0,
    arrived_at: '2026-03-02 08:00:00.000',
    reason: 'no JSON',
    partition_key: 'bp-1',
    bytes_base64: 'AA==',
  });
  return night;
}
