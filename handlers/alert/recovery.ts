/** What the recheck finds: whether the readings since somebody attended show recovery. Silence does not. */

import { isEmergency, type Severity } from '../clinical/severity.ts';
import type { RecentReading } from '../reading/vitals.ts';
import type { Alert } from './alert.ts';

export type Recheck = 'recovered' | 'stillCritical' | 'noGoodMeasurement';

/** After an emergency one good reading may be chance; two in a row end it. */
const GOOD_READINGS = 1;
const GOOD_READINGS_AFTER_EMERGENCY = 2;

/**
 * Only trusted readings (`recent`, newest last) count, and of those only what was measured and arrived after somebody
 * attended. A newer alarming reading, a suspect one included, forbids recovery. One whose clock is doubted can do no
 * more than that.
 */
export function recheck(
  { worst, owner, alarmedAt }: Pick<Alert, 'worst' | 'owner' | 'alarmedAt'>,
  recent: readonly RecentReading[],
): Recheck {
  if (owner === null) return 'noGoodMeasurement';
  const { attendedAt } = owner;
  const since = recent.filter(
    ({ measuredAt, arrivedAt, severity, clockDoubted }) =>
      measuredAt > attendedAt && arrivedAt > attendedAt && (isAlarming(severity) || !clockDoubted),
  );
  const last = since.at(-1);
  if (last && isAlarming(last.severity)) return 'stillCritical';
  const needed = isEmergency(worst) ? GOOD_READINGS_AFTER_EMERGENCY : GOOD_READINGS;
  const newest = since.slice(-needed);
  const good = newest.filter(({ severity, measuredAt }) => !isAlarming(severity) && measuredAt > alarmedAt);
  return good.length === needed ? 'recovered' : 'noGoodMeasurement';
}

function isAlarming(severity: Severity): boolean {
  return severity === 'critical' || severity === 'emergency';
}
