/** A device's contacts in the table: merged under an optimistic lock. */

import type { Reading } from '../../clinical/reading.ts';
import {
  Contacts,
  contactsKey,
  isMoreThanLasting,
  mergeContacts,
  mergeFaults,
} from '../../reading/contacts.ts';
import type { DeviceSign, ForgottenFault } from '../../reading/faults.ts';
import { errorName, logger, metrics } from '../../runtime/logger.ts';
import { getItem, parseOrForget } from './item.ts';
import { mergeItem } from './versioned-item.ts';

/**
 * Remembers that a device was heard, with one write, and with none for a contact that only lasts. Never throws: gives what
 * is known of it, these readings included; undefined when the table would not say, and then nothing is certain of its clock.
 */
export async function rememberContacts(
  tableName: string,
  deviceId: string,
  readings: readonly Pick<Reading, 'measuredAt' | 'arrivedAt'>[],
): Promise<Contacts | undefined> {
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
  return item;
}

/** Read consistently; undefined for a device that was never heard, or of which nothing can be read. */
export async function readContacts(tableName: string, deviceId: string): Promise<Contacts | undefined> {
  return parseOrForget(Contacts, await getItem(tableName, contactsKey(deviceId)));
}

/** Remembers what the signs say of a device's faults, with one write. Throws when that is not on record. */
export async function rememberFaults(
  tableName: string,
  deviceId: string,
  signs: readonly (DeviceSign | ForgottenFault)[],
  now: string,
): Promise<void> {
  const { failure } = await mergeItem(tableName, contactsKey(deviceId), {
    schema: Contacts,
    merge: (known) => mergeFaults(known, deviceId, signs),
    lastAt: () => now,
  });
  if (failure !== undefined) throw failure;
}
