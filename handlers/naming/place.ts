/** How a place is named: by registered wards and beds only, or by the device that stands for them. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { oneLine } from './one-line.ts';
import { isStandIn } from './stand-in.ts';

/** Where a reading comes from, as far as the roster knows it. */
export const Place = z.strictObject({
  /** The id of a ward of the roster. */
  ward: z.string().min(1),
  /** A bed that the roster registers in this ward; null when there is none to name, and the device is named instead. */
  bed: z.string().min(1).nullable(),
  /** The device's id, reduced by `deviceName`; empty when none was named. */
  device: z.string(),
  /** Whether the roster knows the device. */
  deviceRegistered: z.boolean(),
});
export type Place = z.infer<typeof Place>;

/**
 * For what does not say where it is, and no ward of a roster: people of the fallback ward are paged, until the patient's
 * readings say where to go.
 */
export const nowhere: Place = { ward: 'unknown', bed: null, device: '', deviceRegistered: false };

/** Of what is no bed's and no device's. */
export function onlyWard(ward: string): Place {
  return { ward, bed: null, device: '', deviceRegistered: true };
}

/** No reading's: one without a device's name has a device that is not registered. */
function isOnlyWard({ bed, device, deviceRegistered }: Place): boolean {
  return bed === null && device === '' && deviceRegistered;
}

/** Long enough for a serial number or most of a UUID, too short for a message. */
const DEVICE_CHARACTERS = 24;
/** What a crowded subject leaves of a device's id and of a ward's name, both ends of each. */
const LEAST_DEVICE_CHARACTERS = 8;
export const LEAST_WARD_CHARACTERS = 14;
/** What a subject leaves of a ward's name before it shortens its headline. */
const WARD_CHARACTERS = 28;
/** In place of what is left out of the middle. */
const GAP = '..';

/** As ids of devices are. What nobody registered and is written otherwise may be a person's name or number. */
const PLAIN_DEVICE = /^[\w.:-]+$/;

export function isPlainDevice(id: string): boolean {
  return PLAIN_DEVICE.test(id);
}

/**
 * A device's id as it may be shown: letters, digits, hyphens and underscores, and few of them. Where more is lost than a
 * sign, both ends stay, and six digits tell it from others. What stands for a device is a patient's id, and is not shown, nor
 * what an unregistered one may hold of a person.
 */
export function deviceName(id: string, isRegistered = true): string {
  if (isStandIn(id)) return '';
  const isShown = isRegistered || isPlainDevice(id);
  const shown = Array.from(isShown ? id : '', (character) =>
    /^[A-Za-z0-9_-]$/.test(character) ? character : '-',
  )
    .join('')
    .replace(/^-+|-+$/g, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (shown !== '' && shown.length <= DEVICE_CHARACTERS && /^[\x00-\x7f]*$/.test(id)) return shown;
  const digits = createHash('sha256').update(id).digest('hex').slice(0, 6);
  // Both ends, their hyphen and the digits with theirs come to the 24 characters.
  const END = 8;
  const ends =
    shown.length <= 2 * END + 1 ? shown || 'unnamed' : `${shown.slice(0, END)}-${shown.slice(-END)}`;
  return `${ends}-${digits}`;
}

/** The place for a mail's text or a page: whole, e.g. `ward-001 bed 4` or `unregistered device bp-9, ward ward-001`. */
export function placeText(place: Place): string {
  const ward = oneLine(place.ward);
  if (place.bed !== null) return `${ward} bed ${oneLine(place.bed)}`;
  if (isOnlyWard(place)) return ward;
  return `${deviceText(place, place.device)}, ward ${ward}`;
}

/** The same for a mail's subject: ASCII, at most so many characters. The ward gives way in its middle, the bed never. */
export function shortPlace(place: Place, characters: number): string {
  const ward = ascii(place.ward);
  const known = place.bed !== null || isOnlyWard(place);
  const before = known ? '' : `${deviceText(place, shortDevice(place, ward, characters))}, ward `;
  // A roster that was checked has no bed so long that it would have to give way.
  const bed = place.bed === null ? '' : ascii(place.bed);
  const after =
    place.bed !== null
      ? ` bed ${shortened(bed, characters - ' bed '.length - Math.min(ward.length, LEAST_WARD_CHARACTERS))}`
      : '';
  return `${before}${shortened(ward, characters - before.length - after.length)}${after}`;
}

/** The characters that the place needs to be read at ease in a subject. */
export function comfortable(place: Place): number {
  const ward = Math.min(ascii(place.ward).length, WARD_CHARACTERS);
  if (place.bed !== null) return ward + ' bed '.length + ascii(place.bed).length;
  if (isOnlyWard(place)) return ward;
  return `${deviceText(place, place.device)}, ward `.length + ward;
}

/** The name in ASCII, as people spell it where there are no umlauts; what has no such spelling becomes one question mark. */
export function ascii(text: string): string {
  return oneLine(text)
    .normalize('NFC')
    .replace(/[^\x20-\x7e]/gu, (character) => spelled[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/gu, '?');
}

/** At most so many characters: the middle is left out, since names of one house often differ only at their end. */
function shortened(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const kept = Math.max(0, characters - GAP.length);
  const end = Math.floor(kept / 2);
  const tail = end > 0 ? text.slice(-end).trimStart() : '';
  return `${text.slice(0, kept - end).trimEnd()}${GAP}${tail}`.slice(0, characters);
}

/** True when both name one place. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.ward === b.ward && a.bed === b.bed && (a.bed !== null || a.device === b.device);
}

function deviceText({ device, deviceRegistered }: Place, shown: string): string {
  if (device === '') return 'device without an ID';
  return `${deviceRegistered ? 'device' : 'unregistered device'} ${shown}`;
}

function shortDevice(place: Place, ward: string, characters: number): string {
  const whole = `${deviceText(place, place.device)}, ward ${ward}`.length;
  const room = place.device.length - Math.max(0, whole - characters);
  return shortened(place.device, Math.max(LEAST_DEVICE_CHARACTERS, room));
}

/** Letters that are not a Latin letter with a mark, or that German spells with two. */
const spelled: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'oe',
  Ø: 'Oe',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
};
