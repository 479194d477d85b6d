/** A device has spoken well: whatever waits for its alert is to hear of that, and ends it. */
import { deviceAlertKey } from '../alert/alert-key.ts';
import { readStoredAlert } from '../aws/dynamodb/alert-store.ts';
import { wake } from '../aws/workflow.ts';
import type { TechnicalKind } from '../reading/faults.ts';
import { errorName, logger } from '../runtime/logger.ts';

/** Never throws: a wake that is lost is made good by the wait's own deadline. */
export async function wakeDeviceAlert(tableName: string, device: string, kind: TechnicalKind): Promise<void> {
  try {
    const token = (await readStoredAlert(tableName, deviceAlertKey(device, kind)))?.token;
    if (token) await wake(token);
  } catch (error) {
    logger.warn('workflow-not-woken', { error: errorName(error) });
  }
}
