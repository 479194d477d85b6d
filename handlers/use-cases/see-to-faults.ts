/**
 * A device's faults: one that begins is claimed and started, then remembered, so that the next record of its kind raises none;
 * one that ends is remembered as ended, and its alert is woken to end by it. A crash between any two of these is mended by the
 * next delivery: the claim is the same, and what was remembered changes nothing.
 */
import { deviceAlertKey } from '../alert/alert-key.ts';
import { claimFault } from '../alert/claim-fault.ts';
import { readStoredAlert } from '../aws/dynamodb/alert-store.ts';
import { readContacts, rememberFaults } from '../aws/dynamodb/contact-store.ts';
import { wake } from '../aws/workflow.ts';
import { deviceName } from '../naming/place.ts';
import { type DeviceRegistry, UNREGISTERED } from '../reading/device-registry.ts';
import { type DeviceSign, foldFaults, type TechnicalKind } from '../reading/faults.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** False when a fault is not certain to be raised, and to be remembered: its signs are to come again. */
export async function seeToFaults(
  device: string,
  signs: readonly DeviceSign[],
  at: ClaimsAt & { registry: DeviceRegistry; now: string },
): Promise<boolean> {
  const { TABLE_NAME, registry, now } = at;
  // One reading says nothing of all the devices that nobody knows: a person closes their alert.
  const told = device === UNREGISTERED ? signs.map((sign) => ({ ...sign, isGood: false })) : signs;
  try {
    const known = (await readContacts(TABLE_NAME, device))?.faults ?? {};
    const { faults, begun, ended } = foldFaults(known, told);
    for (const fault of begun) {
      logger.warn('device-fault', { device: deviceName(device), kind: fault.kind });
      if (!(await claimAndStart(at, claimFault(device, fault, registry, now)))) return false;
    }
    if (faults !== known) await rememberFaults(TABLE_NAME, device, told, now);
    for (const kind of ended) await tellOfEnd(TABLE_NAME, device, kind);
    return true;
  } catch (error) {
    logger.error('fault-not-remembered', { device: deviceName(device), error: errorName(error) });
    metrics.addMetric('ContactsNotWritten', 'Count', 1);
    return false;
  }
}

/** A wake that is lost is made good by the wait's own deadline. */
async function tellOfEnd(tableName: string, device: string, kind: TechnicalKind): Promise<void> {
  try {
    const token = (await readStoredAlert(tableName, deviceAlertKey(device, kind)))?.token;
    if (token) await wake(token);
  } catch (error) {
    logger.warn('workflow-not-woken', { error: errorName(error) });
  }
}
