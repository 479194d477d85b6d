/**
 * The fast road: a record that is written exactly as Vigil's own shape says, by far the most. It takes only what the careful
 * road (pieces.ts) would read in the same way, and leaves the rest to it; a property test holds the two together.
 */
import type { Cohort } from '../clinical/reading.ts';
import { textsInBase64 } from './decode-bytes.ts';
import type { Measurement, Pair } from './measurement.ts';
import { isNobody } from './named-id.ts';

/** A flat object of short texts without any escape and of plain numbers, in the notation of JSON. */
const FLAT =
  /^\{(?:"[A-Za-z]{3,12}": ?(?:"\w[\w.:+-]{0,35}"|(?:0|[1-9]\d{0,3})(?:\.\d{1,3})?)(?:, ?(?=")|(?=\}$)))+\}$/;
/** An id has a digit that is not zero; what has none the careful road sees to. */
const ID = /[1-9]/;
/** In `120over80`, a pressure wherever it stands. */
const OVER = /over/i;
/** Shorter ones are never taken for packed texts. */
const SURELY_NO_BASE64 = 23;
const INSTANT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|([+-])(0\d|1[0-3]):([0-5]\d))$/;
/** As JavaScript writes it, of a day that every month has: it is what it says. */
const CANONICAL =
  /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const MIDNIGHT = 'T00:00:00.000Z';
/** Longer than any such record. */
const MOST_BYTES = 600;

type Fields = {
  deviceId?: string | number;
  patientId?: string | number;
  ward?: string | number;
  bed?: string | number;
  measuredAt?: string | number;
  systolic?: string | number;
  diastolic?: string | number;
  meanArterial?: string | number;
  pulse?: string | number;
  ageYears?: string | number;
  cohort?: string | number;
  quality?: string | number;
};

/** Ids that name somebody for certain: they come again with every record of the device and of the patient. */
const certainIds = new Set<string>();
/** More than devices and patients of a hospital, in a few megabytes. */
const MOST_REMEMBERED = 20_000;

function isId(said: string | number | undefined): said is string {
  if (typeof said !== 'string') return false;
  if (certainIds.has(said)) return true;
  if (!ID.test(said) || !isPlace(said) || isNobody(said)) return false;
  if (certainIds.size >= MOST_REMEMBERED) certainIds.clear();
  certainIds.add(said);
  return true;
}

function isPlace(said: string | number): said is string {
  if (typeof said !== 'string') return false;
  return said.length <= SURELY_NO_BASE64 ? !OVER.test(said) : textsInBase64(said, 1) === undefined;
}

function isCohort(said: string | number): said is Cohort {
  return said === 'adult' || said === 'obstetric' || said === 'child';
}

/** Undefined when the careful road has to read it. */
export function plainlyRead(bytes: Uint8Array): { measurement: Measurement; pairs: Pair[] } | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!FLAT.test(text)) return undefined;
  const fields: Fields = JSON.parse(text);
  const { deviceId, patientId, ward, bed, measuredAt, systolic, diastolic } = fields;
  const { meanArterial, pulse, ageYears, cohort, quality } = fields;
  if (!isId(deviceId) || !isId(patientId) || typeof measuredAt !== 'string') return undefined;
  if (typeof systolic !== 'number' || typeof diastolic !== 'number') return undefined;
  let known = 5;
  if (ward !== undefined) {
    if (!isPlace(ward)) return undefined;
    known++;
  }
  if (bed !== undefined) {
    if (!isPlace(bed)) return undefined;
    known++;
  }
  if (meanArterial !== undefined) {
    if (typeof meanArterial !== 'number') return undefined;
    known++;
  }
  if (pulse !== undefined) {
    if (typeof pulse !== 'number') return undefined;
    known++;
  }
  if (ageYears !== undefined) {
    if (typeof ageYears !== 'number') return undefined;
    known++;
  }
  if (cohort !== undefined) {
    if (!isCohort(cohort)) return undefined;
    known++;
  }
  if (quality !== undefined) {
    if (quality !== 'measured') return undefined;
    known++;
  }
  // Another field, or one that is there twice.
  if (namesIn(text) !== known) return undefined;
  const time = instantOf(measuredAt);
  if (time === undefined) return undefined;
  return {
    measurement: {
      deviceId,
      patientId,
      ward: ward ?? null,
      bed: bed ?? null,
      cohort: cohort ?? null,
      ageYears: ageYears ?? null,
      measuredAt: time.at,
      ownId: null,
      replaces: false,
      isMidnight: time.isMidnight,
      notFound: [],
      meanArterialMmHg: meanArterial ?? null,
      pulseBpm: pulse ?? null,
      quality: 'measured',
      source: 'vigil',
      ignored: [],
      assumed: [],
    },
    pairs: [{ systolicMmHg: systolic, diastolicMmHg: diastolic }],
  };
}

/** No text of a flat object begins with a colon. */
function namesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) count++;
  return count;
}

/** ISO 8601 UTC, and whether it is midnight there or where it was measured; undefined for a day that no calendar has. */
function instantOf(text: string): { at: string; isMidnight: boolean } | undefined {
  if (CANONICAL.test(text)) return { at: text, isMidnight: text.endsWith(MIDNIGHT) };
  const [, sign, hours, minutes] = INSTANT.exec(text) ?? [];
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const at = new Date(ms).toISOString();
  const offsetMs =
    sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const local = offsetMs === 0 ? at : new Date(ms + offsetMs).toISOString();
  if (!INSTANT.test(text) || !text.startsWith(local.slice(0, 19))) return undefined;
  return { at, isMidnight: at.endsWith(MIDNIGHT) || local.endsWith(MIDNIGHT) };
}
