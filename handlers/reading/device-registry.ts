/** Where a reading comes from: as it says itself, if the roster knows such a ward and bed; else as its device is registered. */
import { isStandIn, UNREGISTERED } from '../naming/stand-in.ts';

/** What the roster says of places and devices. */
export type DeviceRegistry = {
  readonly fallbackWard: string;
  readonly wards: readonly { readonly id: string; readonly beds?: readonly string[] | undefined }[];
  readonly devices: readonly RegisteredDevice[];
};

type RegisteredDevice = {
  readonly id: string;
  readonly ward: string;
  readonly bed: string;
  readonly fixed?: boolean | undefined;
};

export type Placement = {
  /** A ward of the roster, always. */
  ward: string;
  /** A bed that is registered in that ward, or a plain one of a ward that registers none; null: the device is named. */
  bed: string | null;
  deviceRegistered: boolean;
  /** The registry says that it stays at one bed. */
  deviceFixed: boolean;
  /** The bed where the device is registered, if it is one of that ward. */
  ownBed: string | null;
  /** False: nobody knows where the device is, and the ward is the fallback one. */
  placeKnown: boolean;
  /** What the operations are to hear of: stated, or needed, and not in the roster. */
  unknown: { device: boolean; ward: boolean; bed: boolean };
};

/**
 * What a bed is called where the roster registers none of a ward: a number such as 4 or 12-3, perhaps with up to three letters
 * before or behind it. Nothing that could be a link, a name, a message or a record number.
 */
const PLAIN_BED = /^(?:[A-Za-z]{1,3}[ -]?)?\d{1,4}(?:-\d{1,2})?$|^\d{1,4}(?:-\d{1,2})?[ -]?[A-Za-z]{1,3}$/;

/**
 * A stated ward that the roster knows is believed before the registry: patients are moved, devices carried. One that it
 * does not know is not: then the device's registered ward counts, else the fallback ward, where somebody is on call. A
 * stated bed is one of the ward that was stated, or else of the device's own; where it is none of those, the device says that
 * it is not where it is registered, and no bed is named. A ward that registers no bed at all leaves nothing to compare one
 * with: there a registered device may name a plain one, which is reported. `ward` empty: one was stated that is no name.
 * A message that names no device is placed by its partition key.
 */
export function placeOf(
  stated: { deviceId: string; ward: string | null; bed: string | null; partitionKey?: string | undefined },
  registry: DeviceRegistry,
): Placement {
  const { devices, ward: wardNamed, beds } = indexOf(registry);
  const isNamed = !isStandIn(stated.deviceId);
  const registered = devices.get((isNamed ? stated.deviceId : stated.partitionKey) ?? '');
  const statedWard = stated.ward === null ? undefined : wardNamed(stated.ward);
  const wardIsUnknown = stated.ward !== null && statedWard === undefined;
  const ward = statedWard ?? registered?.ward ?? registry.fallbackWard;
  const own = registered?.ward === ward ? registered.bed : null;
  // The ward that a stated bed belongs to, and its bed of that name.
  const bedsWard = wardIsUnknown ? undefined : (statedWard ?? registered?.ward);
  const known = bedsWard === undefined ? undefined : beds.get(bedsWard);
  const bed = stated.bed === null ? own : bedNamed(stated.bed);

  function bedNamed(name: string): string | null {
    if (known) return known(name) ?? null;
    if (bedsWard === undefined) return own !== null && plain(own) === plain(name) ? own : null;
    return registered && PLAIN_BED.test(name) ? name : null;
  }

  return {
    ward,
    bed,
    deviceRegistered: isNamed && registered !== undefined,
    deviceFixed: isNamed && registered?.fixed === true,
    ownBed: isNamed ? own : null,
    placeKnown: statedWard !== undefined || registered !== undefined,
    unknown: {
      device: registered === undefined && (statedWard === undefined || bed === null),
      ward: wardIsUnknown,
      bed: stated.bed !== null && bedsWard !== undefined && known?.(stated.bed) === undefined,
    },
  };
}

/** The registered device that a message comes from: the one that it names, or where it names none, the one whose key it has. */
export function registeredDevice(
  stated: string | undefined,
  partitionKey: string | undefined,
  registry: DeviceRegistry,
): string {
  const isNamed = stated !== undefined && !isStandIn(stated);
  const device = indexOf(registry).devices.get((isNamed ? stated : partitionKey) ?? '');
  return device?.id ?? UNREGISTERED;
}

/** The roster's spelling of a name that a device states, or undefined. */
type Spelling = (stated: string) => string | undefined;

type Index = {
  /** What it was made of, beside the devices. */
  wards: DeviceRegistry['wards'];
  devices: Map<string, DeviceRegistry['devices'][number]>;
  ward: Spelling;
  /** By ward; a ward that registers no bed has no entry. */
  beds: Map<string, Spelling>;
};

/** By the devices of a roster, which is loaded once and asked thousands of times; thousands of them make a search too slow. */
const indexes = new WeakMap<DeviceRegistry['devices'], Index>();

function indexOf(registry: DeviceRegistry): Index {
  const known = indexes.get(registry.devices);
  if (known?.wards === registry.wards) return known;
  const beds = new Map<string, Set<string>>();
  const bedsOf = (ward: string) => {
    const found = beds.get(ward) ?? new Set();
    beds.set(ward, found);
    return found;
  };
  for (const ward of registry.wards) for (const bed of ward.beds ?? []) bedsOf(ward.id).add(bed);
  for (const { ward, bed } of registry.devices) bedsOf(ward).add(bed);
  const index: Index = {
    wards: registry.wards,
    devices: new Map(registry.devices.map((device) => [device.id, device])),
    ward: spellingOf(new Set(registry.wards.map(({ id }) => id))),
    beds: new Map(Array.from(beds, ([ward, names]) => [ward, spellingOf(names)])),
  };
  indexes.set(registry.devices, index);
  return index;
}

/** Exactly, else with other capitals or spaces, unless two of the names would then be the same. */
function spellingOf(names: ReadonlySet<string>): Spelling {
  const alike = new Map<string, string | undefined>();
  for (const name of names) alike.set(plain(name), alike.has(plain(name)) ? undefined : name);
  return (stated) => (names.has(stated) ? stated : alike.get(plain(stated)));
}

function plain(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}
