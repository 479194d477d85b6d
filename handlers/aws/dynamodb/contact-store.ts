/** A device's contacts in the table: merged under an optimistic lock. */

import type { Reading } from '../../clinical/reading.ts';
import {
  type Contact,
  Contacts,
  contactsKey,
  isMoreThanLasting,
  mergeContacts,
} from '../../reading/contacts.ts';
import { errorName, logger, metrics } from '../../runtime/logger.ts';
import { mergeItem } from './versioned-item.ts';

/**
 * Remembers that a device was heard, with one write, and with none for a contact that only lasts. Never throws: gives when it was, these readings included; undefined
 * when the table would not say, and then nothing is certain of its clock.
 */
export async function rememberContacts(
  tableName: string,
  deviceId: string,
  readings: readonly Pick<Reading, 'measuredAt' | 'arrivedAt'>[],
): Promise<Contact[] | undefined> {
  const { item, failure } = await mergeItem(tableName, contactsKey(deviceId), {
    schema: Contacts,
    merge: (known) => mergeContacts(known, deviceId, readings),
    isWorthWriting: isMoreThanLasting,
    lastAt: ({ heard }) => heard.at(-1)?.to ?? '',
  });
  if (failure !== undefined) {
    logger.error('contacts-not-written', { readings: readings.length, error: errorName(failure) });
    metrics.addMetric('ContactsNotWritten', 'Count', 1);
  }
  return item?.heard;
}
