/** A patient's vitals in the table: read, and merged under an optimistic lock. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../alert/alert.ts';
import type { Sighting } from '../alert/event.ts';
import { lastSighting } from '../alert/newest-place.ts';
import { patientOf } from '../reading/claim-reading.ts';
import { type JudgedReading, mergeVitals, vitalsKey } from '../reading/merge-vitals.ts';
import type { Vitals } from '../reading/vitals.ts';
import { dynamoDb } from './clients.ts';
import { errorName, logger } from './logger.ts';

/** Two devices of one patient may write at once, rarely three; each conflict lets one writer through. */
const ATTEMPTS = 5;
/** A month after the last word the item goes: as long as claims stay. */
const EXPIRES_AFTER_DAYS = 30;

/** Read consistently; undefined for a patient who was never measured. */
export async function readVitals(tableName: string, patientId: string): Promise<Vitals | undefined> {
  const { Item } = await dynamoDb().send(
    new GetCommand({ TableName: tableName, Key: { pk: vitalsKey(patientId) }, ConsistentRead: true }),
  );
  return Item as Vitals | undefined;
}

/** Where the alert's patient was last measured, alarming or not. Never throws: the alert has a place, and no page waits. */
export async function readSighting(
  tableName: string,
  { pk, alertId }: Pick<Alert, 'pk' | 'alertId'>,
): Promise<Sighting | undefined> {
  try {
    return lastSighting((await readVitals(tableName, patientOf(pk)))?.recent ?? []);
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
): Promise<{ vitals: Vitals | undefined; failure?: unknown }> {
  let vitals: Vitals | undefined;
  let failure: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const known = await readVitals(tableName, patientId);
      vitals = mergeVitals(known, patientId, judged);
      if (vitals !== known) await putVitals(tableName, vitals, known?.version);
      return { vitals };
    } catch (error) {
      failure = error;
      if (!(error instanceof ConditionalCheckFailedException)) break;
    }
  }
  return { vitals, failure };
}

async function putVitals(tableName: string, vitals: Vitals, replacing: number | undefined): Promise<void> {
  const expiresAt = Math.floor(Date.parse(vitals.lastSpokeAt) / 1000) + EXPIRES_AFTER_DAYS * 86_400;
  await dynamoDb().send(
    new PutCommand({
      TableName: tableName,
      Item: { ...vitals, expiresAt },
      ...(replacing === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': replacing },
          }),
    }),
  );
}
