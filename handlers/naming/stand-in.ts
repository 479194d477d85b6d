/**
 * Whom a reading does not name is stood for: the patient by the device, the device by the patient. Behind a #, which no
 * stated id begins with (measurement.ts), so that device 7 and patient 7 are never one.
 */

/** In place of every device that the roster does not know: whoever invents names has no more alerts by it. */
export const UNREGISTERED = 'unregistered';

export function standIn(id: string): string {
  return `#${id}`;
}

/** True when the id is another's: it names nothing that anybody could look for, and a patient's stands in no mail. */
export function isStandIn(id: string): boolean {
  return id.startsWith('#');
}

/** Who a reading is of and what measured it; null when it names neither for certain. */
export function namedBy(
  deviceId: string | null,
  patientId: string | null,
  /** Which of several devices of that id it is, when the id alone does not say. */
  device = deviceId,
): { deviceId: string; patientId: string } | null {
  if (deviceId !== null && device !== null) return { deviceId, patientId: patientId ?? standIn(device) };
  return patientId === null ? null : { deviceId: standIn(patientId), patientId };
}
