/**
 * The fast road: a record that is written exactly as Vigil's own shape says, by far the most. It takes only what the careful
 * road (pieces.ts) would read in the same way, and leaves the rest to it; a property test holds the two together.
 */
import type { Cohort } from '../clinical/reading.ts';
import { textsInBase64 } from './decode-bytes.ts';
import type { Measurement, Pair } from './measurement.ts';
import { isNobody } from './named-id.ts';

const TEXT = String.raw`"(\w[\w.:+-]{0,35})"`;
const NUMBER = String.raw`((?:0|[1-9]\d{0,3})(?:\.\d{1,3})?|null)`;
/** Vigil's own fields, in the order in which it describes them: short texts without any escape, plain numbers. */
const FIELDS = [
  `"deviceId": ?${TEXT}`,
  `"patientId": ?${TEXT}`,
  `"ward": ?(?:${TEXT}|null)`,
  `"bed": ?(?:${TEXT}|null)`,
  `"measuredAt": ?${TEXT}`,
  `"systolic": ?${NUMBER}`,
  `"diastolic": ?${NUMBER}`,
  `"meanArterial": ?${NUMBER}`,
  `"pulse": ?${NUMBER}`,
  `"ageYears": ?${NUMBER}`,
  '"cohort": ?(?:"(adult|obstetric|child)"|null)',
  '"quality": ?(?:"measured"|null)',
];
const BETWEEN = String.raw`(?:, ?(?=")|(?=\}$))`;
/** What comes in that order is read by the pattern alone, in half the time of JSON.parse; each field may lack. */
const IN_ORDER = new RegExp(`^\\{${FIELDS.map((field) => `(?:${field}${BETWEEN})?`).join('')}\\}$`);
const IN_ANY_ORDER = new RegExp(`^\\{(?:(?:${FIELDS.join('|')})${BETWEEN})+\\}$`);
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

/** Null is missing; a pressure of which nothing is said at all is undefined. */
type Fields = {
  deviceId?: string | undefined;
  patientId?: string | undefined;
  measuredAt?: string | undefined;
  ward?: string | null | undefined;
  bed?: string | null | undefined;
  systolic?: number | null | undefined;
  diastolic?: number | null | undefined;
  meanArterial?: number | null | undefined;
  pulse?: number | null | undefined;
  ageYears?: number | null | undefined;
  cohort?: Cohort | null | undefined;
};

function fieldsIn(text: string): Fields | undefined {
  const said = IN_ORDER.exec(text);
  if (said)
    return {
      deviceId: said[1],
      patientId: said[2],
      ward: said[3],
      bed: said[4],
      measuredAt: said[5],
      systolic: numberOf(said[6]),
      diastolic: numberOf(said[7]),
      meanArterial: numberOf(said[8]),
      pulse: numberOf(said[9]),
      ageYears: numberOf(said[10]),
      cohort: said[11] as Cohort | undefined,
    };
  if (!IN_ANY_ORDER.test(text)) return undefined;
  const fields: Fields = JSON.parse(text);
  // Of a field that is there twice JSON.parse keeps the last. No text of such an object holds a comma.
  return Object.keys(fields).length === text.split(',').length ? fields : undefined;
}

function numberOf(said: string | undefined): number | null | undefined {
  return said === undefined ? undefined : said === 'null' ? null : Number(said);
}

/** Ids that name somebody for certain: they come again with every record of the device and of the patient. */
const certainIds = new Set<string>();
/** More than devices and patients of a hospital, in a few megabytes. */
const MOST_REMEMBERED = 20_000;

function isCertain(id: string): boolean {
  if (certainIds.has(id)) return true;
  if (!ID.test(id) || !isPlace(id) || isNobody(id)) return false;
  if (certainIds.size >= MOST_REMEMBERED) certainIds.clear();
  certainIds.add(id);
  return true;
}

function isPlace(name: string): boolean {
  return name.length <= SURELY_NO_BASE64 ? !OVER.test(name) : textsInBase64(name, 1) === undefined;
}

/** Undefined when the careful road has to read it. */
export function plainlyRead(bytes: Uint8Array): { measurement: Measurement; pairs: Pair[] } | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  const text = (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)).toString('latin1');
  const fields = fieldsIn(text);
  if (fields === undefined) return undefined;
  const { deviceId, patientId, measuredAt, systolic, diastolic } = fields;
  const {
    ward = null,
    bed = null,
    meanArterial = null,
    pulse = null,
    ageYears = null,
    cohort = null,
  } = fields;
  if (deviceId === undefined || patientId === undefined || measuredAt === undefined) return undefined;
  if (systolic === undefined || diastolic === undefined || (systolic ?? diastolic) === null) return undefined;
  if (!isCertain(deviceId) || !isCertain(patientId)) return undefined;
  if ((ward !== null && !isPlace(ward)) || (bed !== null && !isPlace(bed))) return undefined;
  const time = instantOf(measuredAt);
  if (time === undefined) return undefined;
  return {
    measurement: {
      deviceId,
      patientId,
      ward,
      bed,
      cohort,
      ageYears,
      measuredAt: time.at,
      ownId: null,
      replaces: false,
      isMidnight: time.isMidnight,
      notFound: [],
      meanArterialMmHg: meanArterial,
      pulseBpm: pulse,
      quality: 'measured',
      source: 'vigil',
      ignored: [],
      assumed: [],
    },
    pairs: [{ systolicMmHg: systolic, diastolicMmHg: diastolic }],
  };
}

/** ISO 8601 UTC, and whether it is midnight there or at the stated offset; undefined for a day that no calendar has. */
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
