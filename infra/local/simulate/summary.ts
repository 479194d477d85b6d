/** What simulated weeks come to. Field names are a contract. */
import { z } from 'zod';

const count = z.int().nonnegative();

export const WeeksSummary = z.strictObject({
  seeds: count,
  /** Of alerts, each a write of the table. */
  events: count,
  /** Of patients. */
  alerts: count,
  technicalAlerts: count,
  drills: count,
  checkIns: count,
  /** Alarming readings that were not raised. */
  lost: count,
  /** Readings in two alerts, and second alerts of one patient. */
  duplicated: count,
  /** Alerts that ended without a reason, or that nothing carried on. */
  silentEnds: count,
  /** Of every other rule. */
  otherBreaches: count,
  failedSeeds: count,
  /** Of each failed seed the shortest story, or why it did not come to an end. */
  failures: z.array(z.strictObject({ seed: count, story: z.array(z.string()) })),
});
export type WeeksSummary = z.infer<typeof WeeksSummary>;

const none: WeeksSummary = {
  ...{ seeds: 0, events: 0, alerts: 0, technicalAlerts: 0, lost: 0, duplicated: 0, silentEnds: 0 },
  ...{ drills: 0, checkIns: 0, otherBreaches: 0, failedSeeds: 0, failures: [] },
};

/** Of a seed that did not come to an end. */
export function unfinished(seed: number, why: string): WeeksSummary {
  return { ...none, seeds: 1, failedSeeds: 1, failures: [{ seed, story: [why] }] };
}

export function withWeek(one: WeeksSummary, other: WeeksSummary): WeeksSummary {
  const sum = (field: Exclude<keyof WeeksSummary, 'failures'>) => one[field] + other[field];
  return {
    ...{ seeds: sum('seeds'), events: sum('events'), alerts: sum('alerts') },
    ...{ technicalAlerts: sum('technicalAlerts'), drills: sum('drills'), checkIns: sum('checkIns') },
    ...{ lost: sum('lost'), duplicated: sum('duplicated') },
    ...{
      silentEnds: sum('silentEnds'),
      otherBreaches: sum('otherBreaches'),
      failedSeeds: sum('failedSeeds'),
    },
    failures: [...one.failures, ...other.failures].sort((a, b) => a.seed - b.seed),
  };
}
