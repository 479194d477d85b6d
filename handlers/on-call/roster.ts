/** The roster: who works where, who is on call, and which device hangs at which bed. What each part of it may be. */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { OwnTimings } from '../timings/timings.ts';
import { Address, PhoneNumber } from './address.ts';
import { isZoneName } from './zone-name.ts';

/** Where the published roster lies in its bucket. */
export const ROSTER_KEY = 'roster/hospital.json';

const Name = z.string().trim().min(1).max(100);
/** Ids become names of topics and parts of keys. */
const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'only letters, digits, - and _, 64 at most');
const Zone = z.string().refine((zone) => IANAZone.isValidZone(zone), 'not an IANA time zone');
/** As whoever deploys has to write it. */
export const ZoneName = z.string().refine(isZoneName, 'not an IANA time zone');
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day such as 07:00');
/** Local times are the rotation's zone's. */
const Instant = z.iso.datetime({ local: true, offset: true });

/** From one local time up to another of the same day, on the hospital's clocks. */
const Hours = z
  .strictObject({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'not after `from`' });
/** How often a device should measure: one that misses three is silent. Without it nobody waits for it. */
const MeasuresEveryMinutes = z.int().min(1).max(480);

const Limit = z.number();
const limitsOf = <Of extends z.ZodType>(limit: Of) => ({
  emergencySystolicLow: limit,
  emergencySystolicHigh: limit,
  criticalSystolicLow: limit,
  criticalSystolicHigh: limit,
  criticalDiastolicHigh: limit,
  warningSystolicLow: limit,
  warningSystolicHigh: limit,
  warningDiastolicHigh: limit,
});
/** Of several of one name the last that has begun counts; without `validFrom` it always did. */
const Policy = z.strictObject({
  name: Id,
  version: Name,
  validFrom: z.iso.datetime({ offset: true }).exactOptional(),
  limits: z.strictObject(limitsOf(Limit.nullable())),
});

/** As this program writes instants, so that their texts are in their order. */
const Written = z.iso.datetime({ precision: 3 });
/** Set by `npm run roster -- limits`, never by a file (handlers/clinical/patient-limits.ts). */
const PatientLimits = z.strictObject({
  patientId: z.string().min(1),
  limits: z.strictObject(limitsOf(Limit.exactOptional())),
  setBy: Id,
  from: Written,
  until: Written,
});

const Ward = z.strictObject({
  id: Name,
  name: Name,
  /** Beds beside those of the ward's devices: where a carried device may be. No other bed is named in a mail. */
  beds: z.array(Name).optional(),
  /** After how long without a reading the ward counts as silent; 90 when absent (handlers/reading/feeds.ts says why). */
  silentAfterMinutes: z.int().min(5).max(1440).optional(),
  /** Of its devices, unless one says otherwise. */
  measuresEveryMinutes: MeasuresEveryMinutes.optional(),
  /** When its nurse sees to devices, and not its lead; the hospital's when absent. */
  technicalHours: Hours.optional(),
  /** Whoever begins a shift on one of its levels is asked to check in. */
  checkIn: z.boolean().optional(),
  policies: z
    .strictObject({ adult: Name.optional(), obstetric: Name.optional(), child: Name.optional() })
    .optional(),
  /** Before its policies', number by number. */
  timings: OwnTimings.optional(),
});

/** Of several rotations of one ward and role each has somebody on call. */
const Rotation = z.strictObject({
  ward: Name,
  role: z.enum(['nurse', 'doctor', 'lead']),
  /** IANA; the hospital's when absent. */
  zone: Zone.optional(),
  /** Local times at which a shift begins and the one before it ends, earliest first. */
  shiftStarts: z.array(TimeOfDay).min(1),
  /** The local date of the first shift, which the first of `order` has. */
  startsOn: z.iso.date(),
  order: z.array(Id).min(1),
  /** Another order, or other shifts, from the first shift of a local date on, which the first of its `order` has. */
  changes: z
    .array(
      z.strictObject({
        startsOn: z.iso.date(),
        order: z.array(Id).min(1),
        shiftStarts: z.array(TimeOfDay).min(1).exactOptional(),
      }),
    )
    .optional(),
  /** Who stands in, from one instant up to another; of several the last counts. */
  overrides: z.array(z.strictObject({ from: Instant, to: Instant, clinicianId: Id })).optional(),
});

/** Whose patients lie in these beds, from one instant up to another; local times are the hospital's zone's. */
const BedAssignment = z.strictObject({
  ward: Name,
  beds: z.array(Name).min(1),
  clinicianId: Id,
  from: Instant,
  to: Instant,
});

/** Made by `npm run roster -- swap`, never by a file: who has a person's shifts on a level of a ward (decisions/0030). */
const Swap = z.strictObject({
  ward: Name,
  role: z.enum(['nurse', 'doctor', 'lead']),
  replaces: Id,
  clinicianId: Id,
  from: Written,
  to: Written,
});
export type Swap = z.infer<typeof Swap>;

const Device = z.strictObject({
  id: Name,
  ward: Name,
  bed: Name,
  /** A pseudonym. */
  patientId: Name.optional(),
  /** Taken off its patient for a while: not silent, and not simulated. */
  standby: z.boolean().optional(),
  measuresEveryMinutes: MeasuresEveryMinutes.optional(),
  /** It stays at its bed: readings that name no patient may show recovery. A spot-check monitor's never do. */
  fixed: z.boolean().optional(),
});

const clinician = {
  id: Id,
  name: Name,
  /** Who does quality may read reports, and is never paged. */
  role: z.enum(['nurse', 'doctor', 'lead', 'quality']),
  wards: z.array(Name),
  email: Address,
  /** Pages go there as text messages as well. */
  phone: PhoneNumber.exactOptional(),
};

/** Cost beside the hash, so that a roster with new costs is checked by them (RFC 7914; base64). */
const PinHash = z.strictObject({
  algorithm: z.literal('scrypt'),
  cost: z.int(),
  blockSize: z.int(),
  parallelization: z.int(),
  salt: z.base64(),
  hash: z.base64(),
});
export type PinHash = z.infer<typeof PinHash>;

/** What readings are read and judged by. */
const registry = {
  zone: Zone,
  /** Answers for readings whose device and ward nobody knows. */
  fallbackWard: Name,
  policies: z.array(Policy).optional(),
  technicalHours: Hours.optional(),
  wards: z.array(Ward).min(1),
  devices: z.array(Device),
};
const hospital = {
  name: Name,
  ...registry,
  /** By the policy's name. */
  timings: z.record(Id, OwnTimings).optional(),
  rotations: z.array(Rotation),
  bedAssignments: z.array(BedAssignment).exactOptional(),
};

/** The file that a hospital keeps, or this repository's demo: it holds the PINs themselves. */
export const Hospital = z.strictObject({
  ...hospital,
  clinicians: z.array(z.strictObject({ ...clinician, pin: z.string().regex(/^\d{6}$/, 'not six digits') })),
});
export type Hospital = z.infer<typeof Hospital>;

/** The published object: PINs are hashes, and it says what was in force before it (handlers/reading/registry-in-force.ts). */
export const Roster = z.strictObject({
  ...hospital,
  clinicians: z.array(z.strictObject({ ...clinician, pinHash: PinHash })),
  swaps: z.array(Swap).exactOptional(),
  patientLimits: z.array(PatientLimits).exactOptional(),
  before: z.array(z.strictObject({ until: Written, ...registry })).exactOptional(),
});
export type Roster = z.infer<typeof Roster>;
export type Clinician = Roster['clinicians'][number];
/** A hospital's file or what is published. */
export type AnyRoster = Omit<Roster, 'clinicians'> & {
  clinicians: (Omit<Clinician, 'pinHash'> & { pin?: string })[];
};
