/**
 * The protocol under random interleavings: executions that stop at any line or carry on as zombies with what they saw long
 * ago, bells that are lost, answers that race, a sweeper - all through the rules, on one item in memory.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeRecovered, moveOn, newRound, storeWait } from '../../../handlers/alert/advance.ts';
import type { Alert, Claim } from '../../../handlers/alert/alert.ts';
import { accept, closeByPerson, decline } from '../../../handlers/alert/answers.ts';
import type { Outcome } from '../../../handlers/alert/events.ts';
import { later, rolesOn } from '../../../handlers/alert/ladder.ts';
import { type Look, look } from '../../../handlers/alert/look.ts';
import { paged } from '../../../handlers/alert/mailed.ts';
import { raise } from '../../../handlers/alert/open.ts';
import { ask, requestsOf } from '../../../handlers/alert/page.ts';
import { raiseAgain, resume } from '../../../handlers/alert/sweep.ts';
import { isTurnAhead } from '../../../handlers/alert/turns.ts';
import { type AlarmLevel, alarmLevels } from '../../../handlers/clinical/severity.ts';
import type { RecentReading } from '../../../handlers/reading/vitals.ts';
import { aClaim, aReadingAt, doctor, lead, nurse, START } from './builders.ts';

/** A turn that is worth coming back for. */
const turnFrom = (now: string) => later(now, 20);

const staff = [nurse, doctor, lead];
const seed = 20261124;

type Execution = {
  name: string;
  at: 'open' | 'look' | 'act' | 'failed' | 'waiting' | 'ended';
  readingId?: string;
  alertId?: string;
  seen?: Look;
  token?: string;
};

class World {
  now = START;
  alert: Alert | undefined;
  claims = new Map<string, Claim>();
  executions: Execution[] = [];
  rung = new Set<string>();
  recent: RecentReading[] = [];
  writes: Alert[] = [];
  count = 0;

  people(alert: Alert) {
    const roles = rolesOn(alert.rung, alert.worst);
    return roles === 'everyone'
      ? staff
      : staff.filter(({ role }) => (roles as readonly string[]).includes(role));
  }

  write(outcome: Outcome<string>): boolean {
    if ('refused' in outcome) return false;
    const next = outcome.changed;
    // The number never restarts and never skips, whoever writes.
    expect(next.seq).toBe((this.alert?.seq ?? 0) + 1);
    expect(next.events.at(-1)?.seq).toBe(next.seq);
    this.check(next);
    this.alert = next;
    this.writes.push(next);
    return true;
  }

  check(next: Alert) {
    const before = this.alert?.alertId === next.alertId ? this.alert : undefined;
    if (next.status === 'open') {
      expect(next.dueOn).toBe('alert');
      expect(next.dueAt).toEqual(expect.any(String));
    } else {
      expect(next).not.toHaveProperty('dueOn');
      expect(next).not.toHaveProperty('dueAt');
      const ending = next.events.at(-1);
      expect(ending?.type).toBe('closed');
      expect(next.closedBecause === 'recovered' || ending?.clinicianId !== undefined).toBe(true);
    }
    if (!before) return;
    expect(before.status).toBe('open');
    expect(next.round === before.round || next.round === before.round + 1).toBe(true);
    expect(alarmLevels.indexOf(next.worst)).toBeGreaterThanOrEqual(alarmLevels.indexOf(before.worst));
    // Within a round the first owner stays the owner.
    if (before.ownerRound === next.round) expect(next.ownerId).toBe(before.ownerId);
    expect(next.ownerRound).toBeGreaterThanOrEqual(before.ownerRound);
    // A wait is never restarted: within one step the deadline only comes nearer.
    const sameStep = next.round === before.round && next.rung === before.rung && next.pass === before.pass;
    if (sameStep && !next.resting && next.ownerRound === before.ownerRound) {
      expect(next.deadline <= before.deadline).toBe(true);
    }
    // Nothing moves on before its time, except by a failure or for want of people.
    const last = next.events.at(-1);
    if (last?.reason === 'time is up') expect(this.now >= before.deadline).toBe(true);
    // Whoever has it is not moved past, nor asked again in that round.
    if (before.ownerRound === next.round) {
      const { rung, pass, asked, deadline } = before;
      expect(next).toMatchObject({ rung, pass, asked, deadline });
    }
    if (next.closedBecause === 'recovered') this.checkRecovered(before);
    // A page of the round keeps its id.
    if (next.round === before.round) expect(next.pages).toMatchObject(before.pages);
  }

  /** By its own reckoning: a good reading since somebody came, nothing alarming after it, nothing left untold. */
  checkRecovered(alert: Alert) {
    expect(alert.announced).toBe(alert.worst);
    const newest = this.recent.findLast(({ measuredAt }) => measuredAt > (alert.attendedAt ?? ''));
    expect(newest?.severity).toBe('normal');
    for (const claim of this.claims.values()) {
      if (claim.alertId === alert.alertId) expect(claim.measuredAt < (newest?.measuredAt ?? '')).toBe(true);
    }
  }

  read(level: AlarmLevel, ward = 'ward-001') {
    const readingId = `${String(++this.count).padStart(16, '0')}-of-a-hash`;
    const name = `${level}-${readingId}`;
    const measured = { measuredAt: this.now, arrivedAt: this.now, dueAt: later(this.now, 60) };
    this.claims.set(readingId, aClaim({ readingId, executionName: name, level, ward, ...measured }));
    if (level === 'critical' || level === 'emergency') this.measure(level);
    this.executions.push({ name, at: 'open', readingId });
  }

  measure(severity: RecentReading['severity']) {
    this.recent.push({ ...aReadingAt(0, severity), measuredAt: this.now, arrivedAt: this.now });
  }

  step(execution: Execution, fails = false) {
    const { alert } = this;
    if (execution.at === 'open') this.open(execution, fails);
    else if (execution.at === 'look' && alert) {
      const facts = { people: this.people(alert), recent: this.recent };
      execution.seen = look(alert, { me: execution.name, alertId: execution.alertId ?? '' }, facts, this.now);
      execution.at = ['closed', 'leave'].includes(execution.seen.step) ? 'ended' : 'act';
    } else if (execution.at === 'act' || execution.at === 'failed') this.act(execution, fails);
    else if (execution.at === 'waiting') {
      const timedOut = this.now >= (execution.seen?.deadline ?? '');
      if (timedOut || this.rung.has(execution.token ?? '')) execution.at = 'look';
    }
  }

  open(execution: Execution, bellIsLost: boolean) {
    const claim = this.claims.get(execution.readingId ?? '');
    if (!claim) throw new Error('Every execution that opens has a claim');
    if (claim.status !== 'unfulfilled') {
      const carries = this.alert?.alertId === claim.alertId && this.alert?.executionName === execution.name;
      execution.at = carries ? 'look' : 'ended';
      return;
    }
    const { outcome, alert, worse, moved } = raise(
      claim,
      this.alert,
      execution.name,
      this.now,
      `w${this.count}`,
    );
    this.write({ changed: alert });
    const { dueOn: _dueOn, dueAt: _dueAt, ...rest } = claim;
    this.claims.set(claim.readingId, { ...rest, status: 'fulfilled', alertId: alert.alertId });
    execution.alertId = alert.alertId;
    execution.at = outcome === 'joined' ? 'ended' : 'look';
    if ((worse || moved) && !bellIsLost) this.ring();
  }

  act(execution: Execution, fails: boolean) {
    const { alert, now } = this;
    const { seen, name: me } = execution;
    if (!alert || !seen) throw new Error('Nobody acts before having looked');
    const writeId = `w${++this.count}`;
    const stood = { ...seen, me, token: `token-${writeId}` };
    const mine = alert.alertId === execution.alertId;
    const wasMine = mine && alert.executionName === me && alert.status === 'open';
    let wrote = false;
    let waits = false;
    if (mine) {
      if (execution.at === 'failed') {
        wrote = this.write(moveOn(alert, { ...stood, because: 'the page failed' }, now, writeId));
      } else if (seen.step === 'page') {
        const outcome = ask(alert, stood, this.people(alert), () => `page-${++this.count}`, now, writeId);
        wrote = waits = this.write(outcome);
        // A function that dies here has mailed nobody: whoever takes over mails.
        if (wrote && !fails) waits = this.mail(alert);
        const nobody = 'refused' in outcome && outcome.refused === 'nobody to page';
        if (nobody || (fails && this.count % 2 === 0)) {
          execution.at = 'failed';
          return;
        }
      } else if (seen.step === 'move on') {
        wrote = this.write(moveOn(alert, { ...stood, because: seen.because }, now, writeId));
      } else if (seen.step === 'wait' || seen.step === 'rest') {
        wrote = waits = this.write(storeWait(alert, stood, now, writeId));
      } else if (seen.step === 'new round') {
        wrote = this.write(newRound(alert, { ...stood, asking: seen.asking }, now, writeId));
      } else if (seen.step === 'close') {
        wrote = this.write(closeRecovered(alert, stood, this.recent, now, writeId));
      }
    }
    // Only the one execution that carries the alert ever moves it.
    if (wrote) expect(wasMine).toBe(true);
    execution.token = stood.token;
    // A reply that was lost: the step took effect, and is attempted once more.
    if (fails) return;
    execution.at = waits ? 'waiting' : 'look';
  }

  /** Publishes the present step's mails; now and then others to the same people go first. Whether it waits for answers then. */
  mail(before: Alert): boolean {
    const asked = this.alert as Alert;
    const unmailed = requestsOf(asked, this.people(before)).filter(
      ({ clinicianId }) => !asked.mailed.includes(clinicianId),
    );
    const later = this.count % 3 === 0 && Object.keys(asked.turns).length === 0;
    const turns = later
      ? Object.fromEntries(unmailed.map(({ clinicianId }) => [clinicianId, turnFrom(this.now)]))
      : {};
    const writeId = `w${++this.count}`;
    if (unmailed.length > 0) this.write(paged(asked, asked, later ? [] : unmailed, turns, this.now, writeId));
    return !isTurnAhead(this.alert as Alert, this.now);
  }

  ring() {
    if (this.alert?.token) this.rung.add(this.alert.token);
  }

  sweep() {
    for (const claim of this.claims.values()) {
      const next = raiseAgain(claim, { because: 'overdue' }, this.now);
      if (!next) continue;
      this.claims.set(next.readingId, next);
      this.executions.push({ name: next.executionName, at: 'open', readingId: next.readingId });
    }
    const { alert } = this;
    if (alert && this.write(resume(alert, { because: 'overdue' }, this.now, `w${++this.count}`))) {
      this.executions.push({ name: this.alert?.executionName ?? '', at: 'look', alertId: alert.alertId });
    }
  }

  answer(kind: 'accept' | 'decline' | 'close', who: number, shown: AlarmLevel, bellIsLost: boolean) {
    const { alert, now } = this;
    const person = staff[who % staff.length] as (typeof staff)[number];
    if (!alert?.pages[person.id]) return;
    // Now and then by a link of an earlier round.
    const round = who % 5 === 0 ? Math.max(1, alert.round - 1) : alert.round;
    const by = { clinicianId: person.id, role: person.role, round, shownLevel: shown };
    const writeId = `w${++this.count}`;
    const wrote =
      kind === 'accept'
        ? this.write(accept(alert, by, now, writeId))
        : kind === 'decline'
          ? this.write(decline(alert, { ...by, reason: 'cannot come' }, now, writeId))
          : this.write(closeByPerson(alert, { ...by, reason: 'transferred' }, now, writeId));
    if (wrote && kind !== 'close') expect(round).toBe(alert.round);
    if (wrote && !bellIsLost) this.ring();
  }

  pass(seconds: number) {
    this.now = later(this.now, seconds);
  }

  /** Whatever is left to run, run fairly, with the sweeper each minute and nobody answering. */
  goOnWithoutAnswers(minutes: number) {
    for (let minute = 0; minute < minutes; minute++) {
      this.sweep();
      for (let round = 0; round < 12; round++) for (const execution of this.executions) this.step(execution);
      this.pass(60);
    }
  }
}

const pick = fc.nat(50);
const level = fc.constantFrom(...alarmLevels);
const ward = fc.constantFrom('ward-001', 'ward-001', 'ward-002');
const operation = fc.oneof(
  { weight: 2, arbitrary: fc.record({ op: fc.constant('read' as const), level, ward }) },
  {
    weight: 14,
    arbitrary: fc.record({ op: fc.constant('step' as const), pick, fails: fc.integer({ max: 5, min: 0 }) }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('kill' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('good reading' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('accept' as const, 'decline' as const, 'close' as const),
      pick,
      level,
      bellIsLost: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('sweep' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ op: fc.constant('pass' as const), seconds: fc.constantFrom(1, 20, 61, 130, 910) }),
  },
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function play(world: World, operations: readonly Operation[]) {
  for (const step of operations) {
    if (step.op === 'read') world.read(step.level, step.ward);
    else if (step.op === 'good reading') world.measure('normal');
    else if (step.op === 'sweep') world.sweep();
    else if (step.op === 'pass') world.pass(step.seconds);
    else if (step.op === 'step' || step.op === 'kill') {
      const execution = world.executions[step.pick % Math.max(1, world.executions.length)];
      if (!execution) continue;
      if (step.op === 'kill') execution.at = 'ended';
      else world.step(execution, step.fails === 0);
    } else world.answer(step.op, step.pick, step.level, step.bellIsLost);
  }
}

function property(check: (world: World) => void) {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 20, maxLength: 150 }), (operations) => {
      const world = new World();
      world.read('critical');
      play(world, operations);
      check(world);
    }),
    { seed, numRuns: 1000 },
  );
}

describe(`random interleavings (seed ${seed})`, () => {
  test('every write is numbered without a gap, and an open alert is always due', () => {
    // The checks stand in World.write; the numbers of the whole history are looked at once more here.
    property(({ writes }) => {
      expect(writes.map(({ seq }) => seq)).toEqual(writes.map((_, index) => index + 1));
    });
  });

  test('a round has one owner', () => {
    property(({ writes }) => {
      const accepted = writes
        .filter(({ events }) => events.at(-1)?.type === 'accepted')
        .map(({ alertId, round }) => `${alertId} ${round}`);
      expect(accepted).toEqual([...new Set(accepted)]);
    });
  });

  test('whatever has happened, every reading becomes part of an alert within minutes', () => {
    property((world) => {
      world.goOnWithoutAnswers(4);
      expect([...world.claims.values()].filter(({ status }) => status !== 'fulfilled')).toEqual([]);
    });
  });

  test('whatever has happened, an alert that nobody answers gets as loud as it can', () => {
    property((world) => {
      world.recent = world.recent.filter(({ severity }) => severity !== 'normal');
      // The longest way: a recheck 15 minutes off, then the ladder of 12, everyone for 15, and a sweep between any two.
      world.goOnWithoutAnswers(60);
      const { alert } = world;
      if (alert?.status === 'closed') return;
      expect(alert).toMatchObject({ rung: 'everyone' });
      expect(alert?.pass).toBeGreaterThan(0);
    });
  });

  test('the alert is where its newest reading was taken, and that ward is asked', () => {
    property((world) => {
      world.goOnWithoutAnswers(4);
      const { alert } = world;
      if (!alert || alert.status === 'closed') return;
      const own = [...world.claims.values()].filter(({ alertId }) => alertId === alert.alertId);
      const newest = own
        .map(({ measuredAt }) => measuredAt)
        .sort()
        .at(-1);
      const wards = own.filter(({ measuredAt }) => measuredAt === newest).map((claim) => claim.ward);
      expect(wards).toContain(alert.ward);
      if (!alert.resting) expect(alert.told.map((place) => place.ward)).toContain(alert.ward);
    });
  });

  test('worse news always asks again', () => {
    property((world) => {
      world.goOnWithoutAnswers(4);
      const { alert, writes } = world;
      if (!alert || alert.status === 'closed' || alert.resting) return;
      expect(alert.announced).toBe(alert.worst);
      const told = writes.some(({ alertId, events }) => {
        const event = events.at(-1);
        return (
          alertId === alert.alertId &&
          event?.level === alert.worst &&
          (event.type === 'paged' || event.type === 'accepted')
        );
      });
      expect(told).toBe(true);
    });
  });
});
