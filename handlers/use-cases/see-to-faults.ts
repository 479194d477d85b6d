/**
 * A device's faults: one that begins is claimed and started, then remembered, so that the next record of its kind raises none;
 * one that ends is remembered as ended. A crash between any two of these is mended by the next delivery: the claim is the
 * same, and what was remembered changes nothing.
 */
import { deviceAlertKey } from '../alert/alert-key.ts';
import { claimFault } from '../alert/claim-fault.ts';
import { StoredAlert } from '../aws/dynamodb/alert-store.ts';
import { readContacts, rememberFaults } from '../aws/dynamodb/contact-store.ts';
import { getItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { deviceName } from '../naming/place.ts';
import { UNREGISTERED } from '../naming/stand-in.ts';
import type { DeviceRegistry } from '../reading/device-registry.ts';
import {
  type DeviceSign,
  type FaultsByKind,
  type ForgottenFault,
  foldFaults,
  type TechnicalKind,
  technicalKinds,
} from '../reading/faults.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { later } from '../time/instant.ts';
import { type ClaimsAt, claimAndStart } from './claim-and-start.ts';

/** Time to see to the device whose alert was closed: it would else raise the next one with its next message. */
const UNHEARD_AFTER_CLOSING_SECONDS = 60 * 60;

/** The kinds that have ended; undefined when not all is certain to be raised and remembered: the signs are to come again. */
export async function seeToFaults(
  device: string,
  signs: readonly DeviceSign[],
  at: ClaimsAt & { registry: DeviceRegistry; now: string },
): Promise<TechnicalKind[] | undefined> {
  const { TABLE_NAME, registry, now } = at;
  try {
    const known = (await readContacts(TABLE_NAME, device))?.faults ?? {};
    const told = device === UNREGISTERED ? await ofUnregistered(TABLE_NAME, signs, known) : signs;
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

/**
 * One reading says nothing of all the devices that nobody knows: a person closes their alert. Once that is done, the fault of
 * the next one of them is another fault, which must not wait for a day.
 */
async function ofUnregistered(
  tableName: string,
  signs: readonly DeviceSign[],
  known: FaultsByKind,
): Promise<(DeviceSign | ForgottenFault)[]> {
  const kinds = technicalKinds.filter(
    (kind) => known[kind] !== undefined && signs.some(({ shows }) => shows.includes(kind)),
  );
  const forgotten = await Promise.all(
    kinds.map(async (kind): Promise<ForgottenFault[]> => {
      const item = await getItem(tableName, deviceAlertKey(UNREGISTERED, kind));
      // One that cannot be read is the sweeper's, and holds up no record.
      const standing = parseOrForget(StoredAlert, item)?.alert.standing;
      if (standing?.is !== 'closed') return [];
      const at = later(standing.at, UNHEARD_AFTER_CLOSING_SECONDS);
      const isShown = signs.some((sign) => sign.shows.includes(kind) && sign.at > at);
      return isShown ? [{ forgotten: kind, at }] : [];
    }),
  );
  return [...forgotten.flat(), ...signs.map((sign) => ({ ...sign, isGood: false }))];
}
