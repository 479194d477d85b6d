/** Whom an id names for certain. Two patients must never share an alert, so what is not certain is nobody. */
import { firstInvisible, withoutInvisibleEnds } from '../naming/one-line.ts';
import { NAME_CHARACTERS } from './measurement.ts';

/**
 * Null when it is not certain: a fraction, or a number too long for one that was sent as such; a lost or halved character may
 * have been any, and one that nobody sees is no part of a name, but for what a device pads it with; what is longer than
 * a name is none; what begins with # is the name of a part of that one message
 * (https://hl7.org/fhir/R4/references.html#contained).
 */
function certain(id: string | number | bigint): string | null {
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : null;
  const name = withoutInvisibleEnds(String(id));
  const isNone = name.length > NAME_CHARACTERS || name.startsWith('#') || name.includes('\ufffd');
  return isNone || !name.isWellFormed() || firstInvisible(name) !== undefined ? null : name || null;
}

/**
 * What two patients may share: anything without a digit, as names and all words for nobody are ("unknown", "UNK", "temp");
 * zeros, or one digit again and again, with nothing but crosses between; a placeholder that no program filled in; and the
 * greatest numbers that programs count to.
 */
const NO_DIGIT = /^[^\p{N}]*$/u;
const NOBODY =
  /^(?:[0x]*|(\d)\1{4,}|(?:test|dummy|unknown|unk|guest|temp|null|none)\d{1,3}|12345(?:6(?:7(?:8(?:90?)?)?)?)?|2147483647|4294967295)$/;

/** Of an id that is certain. */
export function isNobody(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  if (NO_DIGIT.test(plain) || /^-\d+$|[{}%$]/.test(plain)) return true;
  return NOBODY.test(plain.replace(/[^\p{L}\p{N}]/gu, ''));
}

/** The id of a device, whatever stands where it belongs: null when there is none, or none for certain. */
export function deviceIdOf(said: unknown): string | null {
  return typeof said === 'string' || typeof said === 'number' || typeof said === 'bigint'
    ? certain(said)
    : null;
}

/** The id of a patient likewise. */
export function patientIdOf(said: unknown): string | null {
  const name = deviceIdOf(said);
  return name === null || isNobody(name) ? null : name;
}

/**
 * What a pseudonym of ours may be made of, as ids of FHIR are. A name, an address or a reference holds something else, and
 * stands nowhere unhashed.
 */
export function isPlainId(name: string): boolean {
  return !/[\s^,;@|=?/\\&<>"']/u.test(name);
}
