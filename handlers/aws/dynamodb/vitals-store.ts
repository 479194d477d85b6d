/** A patient's vitals in the table: read, and merged under an optimistic lock. */
import type { Alert } from '../../alert/alert.ts';
import { patientOf } from '../../alert/alert-key.ts';
import type { Sighting } from '../../alert/event.ts';
import { lastSighting } from '../../alert/newest-place.ts';
import type { ContactsByDevice } from '../../reading/contacts.ts';
import { type JudgedReading, mergeVitals, vitalsKey } from '../../reading/merge-vitals.ts';
import { Vitals } from '../../reading/vitals.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { getItem, parseOrForget } from './item.ts';
import { mergeItem } from './versioned-item.ts';

/** Read consistently; undefined for a patient who was never measured, or of whom nothing can be read: no reading is no good one. */
export async function readVitals(tableName: string, patientId: string): Promise<Vitals | undefined> {
  return parseOrForget(Vitals, await getItem(tableName, vitalsKey(patientId)));
}

/** Where the alert's patient was last measured, alarming or not. Never throws: the alert has a place, and no page waits. */
export async function readSighting(
  tableName: string,
  { pk, alertId }: Pick<Alert, 'pk' | 'alertId'>,
): Promise<Sighting | undefined> {
  const patientId = patientOf(pk);
  // A device is where the registry has it.
  if (patientId === null) return undefined;
  try {
    return lastSighting((await readVitals(tableName, patientId))?.recent ?? []);
  } catch (error) {
    logger.warn('place-not-read', { alertId, error: errorName(error) });
    return undefined;
  }
}

/**
 * Remembers a patient's readings, with one write. Never throws, since a claim must not wait for a trend: gives what is known
 * of the patient with these readings, undefined when the table would not say, and why that is not on record, if it is not.
 */
export async function rememberReadings(
  tableName: string,
  patientId: string,
  judged: readonly JudgedReading[],
  contacts: ContactsByDevice,
): Promise<{ vitals: Vitals | undefined; failure?: unknown }> {
  const { item: vitals, ...failed } = await mergeItem(tableName, vitalsKey(patientId), {
    schema: Vitals,
    merge: (known) => mergeVitals(known, patientId, judged, contacts),
    lastAt: ({ lastSpokeAt }) => lastSpokeAt,
  });
  return { vitals, ...failed };
}
