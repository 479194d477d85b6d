/** The claim of a device's fault: it is raised as a reading is, by the same call. */

import { hashed } from '../naming/hashed.ts';
import { deviceName, type Place } from '../naming/place.ts';
import type { DeviceRegistry } from '../reading/device-registry.ts';
import { executionName } from '../reading/execution-name.ts';
import type { BegunFault } from '../reading/faults.ts';
import { expiresAfter, later } from '../time/instant.ts';
import { deviceAlertKey } from './alert-key.ts';
import type { UnfulfilledClaim } from './claim.ts';
import { claimKey, DUE_AFTER_SECONDS } from './claim-reading.ts';

/**
 * The same for the same beginning, however often that is delivered. The device is where the registry has it; one that is in
 * none is the fallback ward's, and its name stands nowhere. `now` is ISO 8601 UTC.
 */
export function claimFault(
  device: string,
  { kind, id, at }: BegunFault,
  { devices, fallbackWard }: Pick<DeviceRegistry, 'devices' | 'fallbackWard'>,
  now: string,
): UnfulfilledClaim {
  const registered = devices.find((one) => one.id === device);
  const place: Place = {
    ward: registered?.ward ?? fallbackWard,
    bed: registered?.bed ?? null,
    device: registered ? deviceName(device) : '',
    deviceRegistered: registered !== undefined,
  };
  const readingId = hashed(JSON.stringify([device, kind, id]));
  return {
    pk: claimKey(readingId),
    kind: 'claim',
    status: 'unfulfilled',
    readingId,
    measurementId: readingId,
    alertKey: deviceAlertKey(device, kind),
    patientId: null,
    executionName: executionName('technical', { ...place, readingId, measuredAt: at }),
    raisedAgain: 0,
    level: 'technical',
    place,
    policy: 'technical',
    policyVersion: '1',
    limits: {},
    systolicMmHg: null,
    diastolicMmHg: null,
    measuredAt: at,
    arrivedAt: at,
    placedAt: null,
    claimedAt: now,
    dueOn: 'claim',
    dueAt: later(now, DUE_AFTER_SECONDS),
    expiresAt: expiresAfter(at),
  };
}
