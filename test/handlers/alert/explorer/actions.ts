/** What can happen next in a world: a line of an execution, a person, the sweeper, the clock, or a fault. */

import { isOpen, operationsMail } from '../../../../handlers/alert/alert.ts';
import type { AlertCommand } from '../../../../handlers/alert/decide.ts';
import { isStuck } from '../../../../handlers/alert/due.ts';
import { stuckAfter } from '../../../../handlers/alert/escalation-levels.ts';
import type { Responder } from '../../../../handlers/alert/responders.ts';
import { nextTurn } from '../../../../handlers/alert/turns.ts';
import { adult } from '../../../../handlers/clinical/policies.ts';
import type { ClinicalLevel } from '../../../../handlers/clinical/severity.ts';
import type { RecentReading } from '../../../../handlers/reading/vitals.ts';
import { later } from '../../../../handlers/time/instant.ts';
import { aClaim, aReadingAt, aSupersededClaim } from '../builders.ts';
import { type Action, happen, linesOf, staff } from './lines.ts';
import type { Rules } from './rules.ts';
import type { Execution, World } from './world.ts';

const deviceId = 'bp-1';

/** Everything that can happen next. */
export function actionsOf(world: World, rules: Rules): Action[] {
  return [
    ...readings(world, rules),
    ...world.executions.flatMap((execution, index) => linesOf(world, execution, index, rules)),
    ...takings(world, rules),
    ...people(world, rules),
    ...sweeps(world, rules),
    ...faults(world),
    ...acknowledgements(world),
    ...clock(world),
  ];
}

/** How long before its arrival a reading was measured: a device that had no connection held the last one back. */
const delaySeconds = { '': 0, further: 0, earlier: 1, heldBack: 600 };

/** A reading arrives: it is remembered, and if it alarms, claimed and raised, unless a newer one has overtaken it. */
function readings(world: World, rules: Rules): Action[] {
  const [sent, ...rest] = world.left.readings;
  if (sent === undefined) return [];
  const { now } = world;
  const left = { ...world.left, readings: rest };
  if (sent.endsWith(', withdrawn')) return [withdrawal({ ...world, left }, sent === 'normal, withdrawn')];
  const [severity, delay = ''] = sent.split(', ') as [
    RecentReading['severity'] | ClinicalLevel,
    keyof typeof delaySeconds,
  ];
  const measuredAt = later(now, -delaySeconds[delay]);
  const number = world.claims.length;
  const readingId = `${number}000000000000000-of-a-hash`;
  const reading = { ...aReadingAt(0), readingId, deviceId, severity, measuredAt, arrivedAt: now };
  const remembered = { ...world, recent: withReading(world.recent, reading), left };
  if (severity === 'normal' || severity === 'warning') return [{ name: 'a good reading', next: remembered }];
  const name = `${severity}-${number}`;
  const times = { measuredAt, arrivedAt: now, deviceId, bothNamed: true };
  const timeliness = rules.timelinessOf(times, { heard: [], recent: remembered.recent });
  const claimed = {
    pk: `READING#${readingId}`,
    readingId,
    measurementId: `m-${number}`,
    ...(delay === 'further' && { limits: { ...adult.limits }, systolicMmHg: 205 }),
    executionName: name,
    ...(left.timings && { timings: left.timings }),
    level: severity,
    measuredAt: timeliness === 'late' ? now : measuredAt,
    arrivedAt: now,
    claimedAt: now,
  };
  if (timeliness === 'overtaken') {
    const claims = [...world.claims, aSupersededClaim(claimed)];
    const next = { ...remembered, claims, taken: [...world.taken, 0] };
    return [{ name: `a reading: ${sent}, which is set aside`, next }];
  }
  const claim = aClaim({ ...claimed, dueAt: stuckAfter(now) });
  const claims = [...world.claims, claim];
  const next = { ...remembered, claims, taken: [...world.taken, 0] };
  const done = { name: `a reading: ${sent}`, next: started(next, { name, reading: number }) };
  if (left.losses === 0) return [done];
  const lost = { ...next, left: { ...left, losses: left.losses - 1 }, faults: world.faults + 1 };
  return [done, { name: `a reading: ${sent}, whose start is lost`, next: lost }];
}

/** The vitals hold trusted readings, by when they were measured. */
function withReading(
  recent: readonly RecentReading[],
  said: Omit<RecentReading, 'severity'> & { severity: RecentReading['severity'] | ClinicalLevel },
): readonly RecentReading[] {
  const { severity } = said;
  if (severity === 'suspect-critical' || severity === 'suspect-emergency') return recent;
  const reading = { ...said, severity };
  return [...recent, reading].sort((a, b) => (a.measuredAt < b.measuredAt ? -1 : 1));
}

/** The vitals know of it at once; an alert that stands on it, whenever the consumer comes to that. */
function withdrawal(world: World, isGood: boolean): Action {
  const { recent, claims } = world;
  const number = claims.length - 1;
  const last = isGood
    ? recent.findLast(({ severity }) => severity === 'normal')?.readingId
    : claims[number]?.readingId;
  const next = { ...world, recent: recent.filter(({ readingId }) => readingId !== last) };
  if (isGood) return { name: 'the good reading is withdrawn', next };
  const withdrawn = [...world.withdrawn, number];
  const takingBack = [...world.takingBack, number];
  return { name: `reading ${number} is withdrawn`, next: { ...next, withdrawn, takingBack } };
}

/** What is withdrawn is taken from the alert that stands on it. */
function takings(world: World, rules: Rules): Action[] {
  const { alert, now } = world;
  return world.takingBack.map((number): Action => {
    const rest = { ...world, takingBack: world.takingBack.filter((other) => other !== number) };
    const name = `an alert hears that reading ${number} is withdrawn`;
    if (!alert) return { name, next: rest };
    const command = { type: 'withdraw', measurementId: `m-${number}`, alertId: alert.alertId } as const;
    const decided = rules.decide(alert, command, now);
    return { name, next: 'refused' in decided ? rest : happen(rest, decided, rules) };
  });
}

function started(
  world: World,
  { name, reading, alertId }: Pick<Execution, 'name'> & Partial<Execution>,
): World {
  const execution: Execution = {
    name,
    at: alertId === undefined ? 'open' : 'assess',
    reading,
    alertId,
    seen: undefined,
    failed: undefined,
    token: '',
    intent: undefined,
  };
  return { ...world, executions: [...world.executions, execution] };
}

/** Whoever was mailed answers by the link: knowing what that mail said, in whatever round things are by now. */
function people(world: World, rules: Rules): Action[] {
  const { alert, left } = world;
  if (!alert || left.answers === 0) return [];
  // The page shows how bad it is when it is opened: with the mail, or just now.
  const mails = world.mails.filter(({ whom }) => whom !== operationsMail);
  const mailed = new Map(mails.map(({ whom, level }) => [`${whom} ${level}`, { whom, level }]));
  for (const { whom } of mails) mailed.set(`${whom} ${alert.worst}`, { whom, level: alert.worst });
  const rounds = [alert.round.number, ...(alert.round.number > 1 ? [alert.round.number - 1] : [])];
  return [...mailed.values()].flatMap(({ whom: clinicianId, level: shownLevel }) => {
    const { role } = staff.find(({ id }) => id === clinicianId) as Responder;
    const commands: [string, AlertCommand][] = [
      ...rounds.map((round): [string, AlertCommand] => [
        `accepts in round ${round}, having read ${shownLevel}`,
        { type: 'accept', clinicianId, role, round, shownLevel },
      ]),
      ...(alert.round.declined.includes(clinicianId)
        ? []
        : [
            [
              'declines',
              { type: 'decline', clinicianId, round: alert.round.number, reason: 'cannotCome' },
            ] as [string, AlertCommand],
          ]),
      [
        `closes, having read ${shownLevel}`,
        { type: 'close', clinicianId, reason: 'transferred', shownLevel },
      ],
    ];
    if (left.givingUps > 0)
      for (const round of rounds) {
        commands.push([`gives it back in round ${round}`, { type: 'giveBack', clinicianId, round }]);
        for (const to of staff.filter(({ id }) => id !== clinicianId))
          commands.push([
            `hands it over to ${to.id} in round ${round}`,
            { type: 'handOver', clinicianId, round, to },
          ]);
      }
    return commands.flatMap(([what, command]): Action[] => {
      const decided = rules.decide(alert, { ...command, alertId: alert.alertId }, world.now);
      if ('refused' in decided) return [];
      const givesUp = command.type === 'giveBack' || command.type === 'handOver';
      const givingUps = left.givingUps - (givesUp ? 1 : 0);
      const spent = { ...world, left: { ...left, answers: left.answers - 1, givingUps } };
      const answered = {
        round: 'round' in command ? command.round : alert.round.number,
        shownLevel: 'shownLevel' in command ? command.shownLevel : undefined,
      };
      return [{ name: `${clinicianId} ${what}`, next: { ...happen(spent, decided, rules), answered } }];
    });
  });
}

/** What is overdue is raised again, and what ended badly at once. */
function sweeps(world: World, rules: Rules): Action[] {
  const { alert, now } = world;
  const overdue = { because: 'overdue' as const };
  const ofClaims = world.claims.flatMap((claim, number): Action[] => {
    const next = rules.raiseAgain(claim, overdue, now);
    if (!next) return [];
    const claims = world.claims.map((it, at) => (at === number ? next : it));
    const name = next.executionName;
    return [
      {
        name: `the sweeper raises reading ${number} again`,
        next: started({ ...world, claims }, { name, reading: number }),
      },
    ];
  });
  const dueAt = alert?.standing.dueAt ?? null;
  if (!alert || dueAt === null) return ofClaims;
  const ended = world.endedBadly.map((executionName) => ({
    because: 'executionEnded' as const,
    executionName,
  }));
  const ofAlert = [overdue, ...ended].flatMap((stuck): Action[] => {
    if (stuck.because === 'overdue' && !isStuck({ dueAt, executionName: '' }, stuck, false, now)) return [];
    const decided = rules.decide(alert, { type: 'resume', stuck, alertId: alert.alertId }, now);
    if ('refused' in decided) return [];
    const endedBadly = world.endedBadly.filter((name) => name !== alert.executionName);
    const resumed = happen({ ...world, endedBadly }, decided, rules);
    if (decided.type !== 'resumed') return [{ name: 'the sweeper lets the alert go', next: resumed }];
    const { executionName: name } = decided;
    return [
      {
        name: `the sweeper resumes the alert: ${stuck.because}`,
        next: started(resumed, { name, alertId: alert.alertId }),
      },
    ];
  });
  return [...ofClaims, ...ofAlert];
}

/** Executions are killed, and wakes get lost; the others come late, or twice, since they come when they like. */
function faults(world: World): Action[] {
  const { left } = world;
  const kills = world.executions.flatMap((execution, index): Action[] => {
    if (execution.at === 'ended' || left.kills === 0) return [];
    const executions = world.executions.map((it, at) =>
      at === index ? { ...it, at: 'ended' as const } : it,
    );
    const next = {
      ...world,
      executions,
      endedBadly: [...world.endedBadly, execution.name],
      left: { ...left, kills: left.kills - 1 },
      faults: world.faults + 1,
    };
    return [{ name: `${execution.name}: is killed`, next }];
  });
  const losses = world.wakes.flatMap((token): Action[] => {
    if (left.losses === 0) return [];
    const wakes = world.wakes.filter((it) => it !== token);
    const next = { ...world, wakes, left: { ...left, losses: left.losses - 1 }, faults: world.faults + 1 };
    return [{ name: 'a wake is lost', next }];
  });
  return [...kills, ...losses];
}

/** Somebody of the operations takes a call on the pager. */
function acknowledgements(world: World): Action[] {
  const { pager, left } = world;
  if (left.acknowledgements === 0) return [];
  return Object.keys(pager)
    .filter((key) => pager[key] === 'rings')
    .map((key) => ({
      name: `somebody acknowledges ${key}`,
      next: {
        ...world,
        pager: { ...pager, [key]: 'acknowledged' as const },
        left: { ...left, acknowledgements: left.acknowledgements - 1 },
      },
    }));
}

/** The clock goes on to the next instant at which anything can be due. */
function clock(world: World): Action[] {
  const { alert, now, left } = world;
  if (left.ticks === 0) return [];
  const instants = [
    ...(alert && isOpen(alert) ? [alert.standing.deadline, nextTurn(alert)] : []),
    ...(alert?.standing.is === 'closed' && alert.called.whom.length > 0
      ? [later(alert.standing.at, 900)]
      : []),
    alert?.standing.dueAt ?? undefined,
    ...world.claims.map((claim) => (claim.status === 'unfulfilled' ? claim.dueAt : undefined)),
    ...world.executions.map((it) => (it.at === 'waiting' ? it.seen?.deadline : undefined)),
  ].filter((instant) => instant !== undefined && instant > now) as string[];
  const next = instants.sort().at(0);
  if (next === undefined) return [];
  return [
    {
      name: `the clock: ${next.slice(11, 19)}`,
      next: { ...world, now: next, left: { ...left, ticks: left.ticks - 1 } },
    },
  ];
}
