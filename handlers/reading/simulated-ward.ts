/** A small steady ward: what its devices measure in a given minute. Nobody alarms; realism is for recorded patients. */
import { createHash } from 'node:crypto';

/** What the roster says of a device that a simulated patient wears. */
export type WornDevice = {
  id: string;
  ward: string;
  bed: string;
  patientId?: string | undefined;
  standby?: boolean | undefined;
};

/** Vigil's wire shape, one reading a patient; a pure function of minute and device. `minute` is its first instant. */
export function simulatedReadings(devices: readonly WornDevice[], minute: Date) {
  const seen = new Set<string>();
  return devices.flatMap((device) => {
    const patientId = device.patientId ?? device.id;
    if (device.standby || seen.has(patientId)) return [];
    seen.add(patientId);
    const measuredAt = minute.toISOString();
    // A person's own level for good, and a little breathing and moving from minute to minute.
    const systolic = 112 + spread(device.id, 'systolic', 20) + spread(device.id, `systolic ${measuredAt}`, 9);
    const diastolic =
      66 + spread(device.id, 'diastolic', 12) + spread(device.id, `diastolic ${measuredAt}`, 7);
    return [
      {
        deviceId: device.id,
        patientId,
        ward: device.ward,
        bed: device.bed,
        measuredAt,
        systolic,
        diastolic,
        meanArterial: Math.round(diastolic + (systolic - diastolic) / 3),
        pulse: 62 + spread(device.id, 'pulse', 20) + spread(device.id, `pulse ${measuredAt}`, 7),
      },
    ];
  });
}

/** A whole number from 0 up to, not including, `below`: always the same for the same device and purpose. */
function spread(deviceId: string, purpose: string, below: number): number {
  return createHash('sha256').update(`${deviceId}/${purpose}`).digest().readUInt32BE(0) % below;
}
