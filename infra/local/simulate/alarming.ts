/** What alarms, judged a second time from the words of the policies' sources (handlers/clinical/policies.ts names them): nothing is shared with the product. */
import type { CuffPressures } from './records.ts';

export type Alarm = 'critical' | 'emergency';

/** How a reading alarms, a suspect one by what it would read as; null when nobody is to be called. Obstetric highs are lower. */
export function alarmOf({ systolic, diastolic }: CuffPressures, isObstetric: boolean): Alarm | null {
  if (systolic > 0 && (systolic < 70 || systolic >= 220)) return 'emergency';
  const [high, highDiastolic] = isObstetric ? [160, 110] : [180, 120];
  // A cuff that reads zero has found no pulse.
  const isZero = systolic === 0 || diastolic === 0;
  return isZero || systolic < 90 || systolic >= high || (diastolic ?? 0) >= highDiastolic ? 'critical' : null;
}

/** True of both pressures, such as a cuff finds them: they show how the patient is, and that the device measures. */
export function isTrusted({ systolic, diastolic }: CuffPressures): boolean {
  return diastolic !== null && diastolic >= 20 && systolic - diastolic >= 10 && systolic >= 40;
}
