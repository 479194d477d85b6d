/** The measurements that an alert stands on: it is as bad as the worst of them, and of no worse has anybody been told. */
import { z } from 'zod';
import { Danger, furthest, milder } from '../clinical/danger.ts';
import { type AlarmLevel, alarmLevels, isWorse } from '../clinical/severity.ts';

/** One alarming measurement, by the newest of its versions. */
export const AlarmingMeasurement = z.strictObject({
  /** Null: none that could be withdrawn, of an alert that was set aside, or those before the ones that are remembered. */
  measurementId: z.string().min(1).nullable(),
  arrivedAt: z.iso.datetime(),
  level: z.enum(alarmLevels),
  danger: Danger,
});
export type AlarmingMeasurement = z.infer<typeof AlarmingMeasurement>;

/** The fields of an alert that follow from it. */
type Stands = {
  standsOn: AlarmingMeasurement[];
  worst: AlarmLevel;
  announced: AlarmLevel | null;
  announcedDanger: Danger;
};

/** What is withdrawn was mostly measured lately; of those before only how bad they were is kept. */
const REMEMBERED_MEASUREMENTS = 20;

/** The alert, with one measurement more, or another version of one. */
export function standingAlsoOn<Of extends Stands>(
  alert: Of,
  { measurementId, arrivedAt, level, danger }: AlarmingMeasurement,
): Of {
  const added = { measurementId, arrivedAt, level, danger };
  const same = alert.standsOn.find((one) => one.measurementId === measurementId);
  if (!same) return standing(alert, remembered([...alert.standsOn, added]));
  const newest =
    added.arrivedAt < same.arrivedAt ? same : added.arrivedAt > same.arrivedAt ? added : merged(same, added);
  return standing(
    alert,
    alert.standsOn.map((one) => (one === same ? newest : one)),
  );
}

/** The alert without a measurement. Without any it is as bad as it was. */
export function standingWithout<Of extends Stands>(alert: Of, measurementId: string): Of {
  return standing(
    alert,
    alert.standsOn.filter((one) => one.measurementId !== measurementId),
  );
}

function standing<Of extends Stands>(alert: Of, standsOn: AlarmingMeasurement[]): Of {
  if (standsOn.length === 0) return { ...alert, standsOn };
  const { level: worst, danger } = standsOn.reduce(merged);
  const { announced, announcedDanger } = alert;
  return {
    ...alert,
    standsOn,
    worst,
    announced: announced && worseOf(announced, worst) === announced ? worst : announced,
    announcedDanger: milder(announcedDanger, danger),
  };
}

function remembered(all: AlarmingMeasurement[]): AlarmingMeasurement[] {
  const [first, second, ...rest] = all;
  if (!first || !second || all.length <= REMEMBERED_MEASUREMENTS) return all;
  return [{ ...merged(first, second), measurementId: null }, ...rest];
}

/** As bad as both. */
function merged(one: AlarmingMeasurement, other: AlarmingMeasurement): AlarmingMeasurement {
  return {
    ...other,
    level: worseOf(one.level, other.level),
    danger: furthest([one.danger, other.danger]),
  };
}

function worseOf(one: AlarmLevel, other: AlarmLevel): AlarmLevel {
  return isWorse(one, other) ? one : other;
}
