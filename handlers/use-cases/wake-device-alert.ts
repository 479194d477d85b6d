/** A device has spoken well: whatever waits for its alert is to hear of that, and ends it. */
import type { Alert } from '../alert/alert.ts';
import { deviceAlertKey, faultOf } from '../alert/alert-key.ts';
import { isFaultOver } from '../alert/fault-over.ts';
import { readAlert, readStoredAlert } from '../aws/dynamodb/alert-store.ts';
import { wake } from '../aws/workflow.ts';
import type { TechnicalKind } from '../reading/faults.ts';
import { errorName, logger } from '../runtime/logger.ts';
import { knownSince } from './known-since.ts';

/** Never throws: a wake that is lost is made good by the wait's own deadline. */
export async function wakeDeviceAlert(tableName: string, device: string, kind: TechnicalKind): Promise<void> {
  try {
    const token = (await readStoredAlert(tableName, deviceAlertKey(device, kind)))?.token;
    if (token) await wake(token);
  } catch (error) {
    logger.warn('workflow-not-woken', { error: errorName(error) });
  }
}

/**
 * Ends a wait that has just begun, when the device spoke well before its token was stored, or before anybody was told: that
 * wake met the wait before, or a mail on its way. Never throws, likewise.
 */
export async function wakeIfFaultIsOver(tableName: string, { pk }: Alert, token: string): Promise<void> {
  if (faultOf(pk) === undefined) return;
  try {
    const alert = await readAlert(tableName, pk);
    if (alert && isFaultOver(alert, (await knownSince(tableName, alert)).fault)) await wake(token);
  } catch (error) {
    logger.warn('workflow-not-woken', { error: errorName(error) });
  }
}
