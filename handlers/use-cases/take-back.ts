/**
 * An alarming measurement that was withdrawn, or corrected to a harmless one, is taken from the open alert that stands on it.
 * Whoever says so comes before the alert is there, or after: so the consumer does it for what it hears, once the vitals
 * have it, and whoever raises a reading looks there afterwards. It never throws: the alert stays open without it.
 */
import { isOpen } from '../alert/alert.ts';
import { alertKeyOf } from '../alert/alert-key.ts';
import type { Claim } from '../alert/claim.ts';
import { readAlert } from '../aws/dynamodb/alert-store.ts';
import { ItemInvalid } from '../aws/dynamodb/item.ts';
import { readVitals } from '../aws/dynamodb/vitals-store.ts';
import { isTakenBack, type Version } from '../reading/versions.ts';
import { errorName, logger } from '../runtime/logger.ts';
import { changeAlert } from './change-alert.ts';

type Measured = Pick<Claim, 'patientId' | 'readingId' | 'measurementId'>;

/** By the versions that the patient's vitals hold. False when that could not be looked up or written. */
export async function takeBackIfReplaced(
  tableName: string,
  measured: Measured,
  versions: readonly Version[] | undefined,
  now: string,
): Promise<boolean> {
  const { patientId, readingId, measurementId } = measured;
  if (patientId === null) return true;
  try {
    const known = versions ?? (await readVitals(tableName, patientId))?.versions ?? [];
    if (!isTakenBack(measurementId, known)) return true;
    const alertKey = alertKeyOf(patientId);
    const alert = await readAlert(tableName, alertKey);
    if (!alert || !isOpen(alert) || !alert.standsOn.some((one) => one.measurementId === measurementId))
      return true;
    const { alertId } = alert;
    await changeAlert(tableName, { alertKey, alertId }, { type: 'withdraw', measurementId }, now);
    logger.info('reading-taken-back', { alertId, readingId });
    return true;
  } catch (error) {
    logger.error('withdrawal-not-told', { readingId, error: errorName(error) });
    // An alert that does not parse will be raised anew, without what it stood on: another delivery would mend nothing.
    return error instanceof ItemInvalid;
  }
}
