/**
 * A device's faults: one that begins is claimed and started, then remembered, so that the next record of its kind raises none;
 * one that ends is remembered as ended. A crash between any two of these is mended by the next delivery: the claim is the
 * same, and what was remembered changes nothing.
 */
import { claimFault } from '../alert/claim-fault.ts';
import { readContacts, rememberFaults } from '../aws/dynamodb/contact-store.ts';
import { deviceName } from '../naming/place.ts';
import { type DeviceRegistry, UNREGISTERED } from '../reading/device-registry.ts';
import { type DeviceSign, foldFaults, type TechnicalKind } from '../reading/faults.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** The kinds that have ended; undefined when not all is certain to be raised and remembered: the signs are to come again. */
export async function seeToFaults(
  device: string,
  signs: readonly DeviceSign[],
  at: ClaimsAt & { registry: DeviceRegistry; now: string },
): Promise<TechnicalKind[] | undefined> {
  const { TABLE_NAME, registry, now } = at;
  // One reading says nothing of all the devices that nobody knows: a person closes their alert.
  const told = device === UNREGISTERED ? signs.map((sign) => ({ ...sign, isGood: false })) : signs;
  try {
    const known = (await readContacts(TABLE_NAME, device))?.faults ?? {};
    const { faults, begun, ended } = foldFaults(known, told);
    for (const fault of begun) {
      logger.warn('device-fault', { device: deviceName(device), kind: fault.kind });
      if (!(await claimAndStart(at, claimFault(device, fault, registry, now)))) return undefined;
    }
    if (faults !== known) await rememberFaults(TABLE_NAME, device, told, now);
    return ended;
  } catch (error) {
    logger.error('fault-not-remembered', { device: deviceName(device), error: errorName(error) });
    metrics.addMetric('ContactsNotWritten', 'Count', 1);
    return undefined;
  }
}
