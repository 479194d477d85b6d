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
 * What two patients may share: how devices and programs say that they know no patient, whatever parts the words and however
 * they are written; zeros, or one digit again and again, with nothing but crosses between; a placeholder that no program
 * filled in; and the greatest numbers that programs count to.
 */
const NOBODY = new RegExp(
  `^(?:[0x]*|f{6,}|(\\d)\\1{4,}|12345(?:6(?:7(?:8(?:90?)?)?)?)?|2147483647|4294967295|${[
    '(?:no|not|un)(?:patient|name|id|patientid|known|assigned|identified|avail|available|applicable|set|specified|entered)',
    '(?:unknown|unassigned|unidentified|anonymous|new|dummy|temp|test)(?:patient|person|id)',
    'patient(?:unknown|unassigned|anonymous|id|name)?|person|id|mrn|name',
    'nobody|noone|anonymous|none|nil|null|undefined|nan|na|nn|ni|tbd|johndoe|janedoe|empty|blank|default|true|false|yes|no',
    'adult|discharged|standby|vacant|free|unoccupied|emptybed|bedempty|nobed',
    // HL7's codes for what is not there: https://terminology.hl7.org/CodeSystem-v3-NullFlavor.html
    '(?:unk|asku|nask|nav|nau|msk|oth|missing|pending|guest|error|fehler|temp|temporary|test|dummy|unknown)\\d{0,3}',
    'unbekannt|inconnue?|desconocid[oa]|sconosciut[oa]|onbekend|okand|ukjent|ukendt|nieznany',
  ].join('|')})$`,
);
/** As people write their names, which two of them may have: words that each begin with a capital. */
const PERSONS_NAME = /^(?:\p{Lu}[\p{Ll}'’]+[ ,-]*)+$/u;

/** A number of which a spreadsheet kept the first digits, or a name of which an export lost a letter: any of several. */
export function isLossy(name: string): boolean {
  return /^(?:\d[.,]\d+e\+?|\d+e\+)\d+$/i.test(name) || /[\p{L}\p{N}]\?+[\p{L}\p{N}]/u.test(name);
}

/** Of an id that is certain. */
export function isNobody(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  return /^-\d+$|[{}%$]/.test(plain) || PERSONS_NAME.test(name) || isLossy(name) || saysNobody(plain);
}

/** True of a word for nobody; false of what may name somebody, and does not for certain. */
export function saysNobody(name: string): boolean {
  return NOBODY.test(
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  );
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
