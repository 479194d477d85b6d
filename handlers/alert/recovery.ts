/** What the recheck finds: whether the readings since somebody attended show recovery. Silence does not. */

import { isEmergency } from '../clinical/severity.ts';
import { isDoubted, type RecentReading } from '../reading/vitals.ts';
import type { OwnedAlert } from './alert.ts';

export type Recheck = 'recovered' | 'stillCritical' | 'noGoodMeasurement';

/** After an emergency one good reading may be chance; two in a row end it. */
const GOOD_READINGS = 1;
const GOOD_READINGS_AFTER_EMERGENCY = 2;

/**
 * Only trusted readings (`recent`, newest last by the time of measuring) count. A good one does when it was measured and
 * arrived after somebody attended. An alarming one does when it arrived after that: its clock may be behind; unless it only corrects what was
 * measured before. A newer
 * alarming reading, a suspect one included, forbids recovery. One that is doubted can do no more than that.
 */
export function recheck(
  { worst, alarmedAt, standing }: OwnedAlert,
  recent: readonly RecentReading[],
): Recheck {
  const { attendedAt } = standing.owner;
  const since = recent.filter((reading) => {
    const { arrivedAt, measuredAt } = reading;
    if (isAlarming(reading)) return (reading.replaces ? measuredAt : arrivedAt) > attendedAt;
    return arrivedAt > attendedAt && measuredAt > attendedAt && !isDoubted(reading);
  });
  const isGood = (reading: RecentReading) => !isAlarming(reading) && reading.measuredAt > alarmedAt;
  const last = since.at(-1);
  // What a clock that is behind has put before the good ones, although it came after them: the alert knows of it.
  const cameLast = !since.some(isGood) && since.some((one) => isAlarming(one) && one.arrivedAt >= alarmedAt);
  if ((last && isAlarming(last)) || cameLast) return 'stillCritical';
  const needed = isEmergency(worst) ? GOOD_READINGS_AFTER_EMERGENCY : GOOD_READINGS;
  return since.slice(-needed).filter(isGood).length === needed ? 'recovered' : 'noGoodMeasurement';
}

function isAlarming({ severity }: RecentReading): boolean {
  return severity === 'critical' || severity === 'emergency';
}
