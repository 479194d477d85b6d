/** What parts the patients of one device: lists of beds, patients, channels, and what their elements call themselves. */
import { isSaid } from './measurement.ts';

export type Part = 'bed' | 'patient' | 'channel';

const PARTS: ReadonlyMap<string, Part> = new Map([
  ['beds', 'bed'],
  ['patients', 'patient'],
  ['channels', 'channel'],
  ['slots', 'channel'],
  ['ports', 'channel'],
]);

/** What the elements of a list, or the keys of an object, of that name are. */
export function partNamed(name: string): Part | undefined {
  return PARTS.get(name.toLowerCase());
}

/** Only an id is a patient's: a place in a list is one of the device's, and every device has a first. */
export function partOf(part: Part | undefined, number: unknown, isId: boolean): Part | undefined {
  const isPlace = !isId || /^\d{1,2}$/.test(String(number));
  return part === 'patient' && isPlace ? 'channel' : part;
}

/** What an element of such a list calls itself. */
export function numberOf({ id, number, no, channel, slot, port, name }: Record<string, unknown>): unknown {
  return [id, number, no, channel, slot, port, name].find(isSaid);
}
