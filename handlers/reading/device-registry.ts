/** Where a device stands, for readings that do not say: the device registry is part of the roster's data. */

/** What the roster says of devices. */
export type DeviceRegistry = {
  readonly fallbackWard: string;
  readonly devices: readonly { readonly id: string; readonly ward: string; readonly bed: string }[];
};

export type Place = { ward: string; bed: string; unknownDevice: boolean };

/** The bed of a device that nobody registered. */
const UNKNOWN_BED = 'unknown';

/** Ward and bed as stated, else as registered, else the fallback ward: somebody is always on call for a reading. */
export function placeOf(
  stated: { deviceId: string; ward: string | null; bed: string | null },
  registry: DeviceRegistry,
): Place {
  const registered = devicesById(registry).get(stated.deviceId);
  const ward = stated.ward ?? registered?.ward ?? registry.fallbackWard;
  // A registered bed is a bed of the registered ward only.
  const bed = stated.bed ?? (registered?.ward === ward ? registered.bed : UNKNOWN_BED);
  return { ward, bed, unknownDevice: stated.ward === null && registered === undefined };
}

/** A registry object is loaded once and asked thousands of times; thousands of devices make a search too slow. */
const indexes = new WeakMap<DeviceRegistry, Map<string, DeviceRegistry['devices'][number]>>();

function devicesById(registry: DeviceRegistry): Map<string, DeviceRegistry['devices'][number]> {
  let index = indexes.get(registry);
  if (!index) {
    index = new Map(registry.devices.map((device) => [device.id, device]));
    indexes.set(registry, index);
  }
  return index;
}
