/** A record's bytes on a terminal: as they are, or only how they are built. */

import { factNamed, vitalNamed } from '../../../handlers/reading/field-names.ts';

/** The text that the bytes are in UTF-8; undefined when they are something else. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Text with what would move the cursor spelled out, anything else in base64. */
export function plainBytes(bytes: Uint8Array): string {
  const text = textIn(bytes);
  if (text === undefined) return `base64 ${Buffer.from(bytes).toString('base64')}`;
  return text.replace(/(?![\n\t])\p{C}/gu, (it) => `\\u{${(it.codePointAt(0) as number).toString(16)}}`);
}

/** What the messages that are understood are built of, beside the names of values. */
const STRUCTURE = new Set([
  ...['resourceType', 'status', 'category', 'code', 'coding', 'system', 'display', 'text', 'name', 'type'],
  ...['entry', 'resource', 'contained', 'hasMember', 'component', 'identifier', 'reference', 'issued'],
  ...['value', 'valueQuantity', 'valueString', 'valueInteger', 'comparator', 'dataAbsentReason'],
  ...['effectivePeriod', 'effectiveInstant', 'effectiveTiming', 'start', 'end', 'modifierExtension'],
  ...['specversion', 'source', 'data', 'detail', 'Records', 'Message', 'payload'],
]);

/** A name before its colon stays when the reader knows it: in any other place of a name a patient's may stand. */
function isKnownName(found: string): boolean {
  const [, name] = /^"([A-Za-z_-]+\d{0,2})"\s*:$/.exec(found) ?? [];
  return name !== undefined && (STRUCTURE.has(name) || isNamed(name));
}

function isNamed(name: string): boolean {
  return vitalNamed(name, true) !== undefined || factNamed(name) !== undefined;
}

/** Known names of fields and punctuation stay; every letter of a value is an `a`, every digit a `9`. */
export function maskedBytes(bytes: Uint8Array): string {
  const text = textIn(bytes);
  if (text === undefined)
    return `no text in UTF-8; begins with the bytes ${Buffer.from(bytes.slice(0, 2)).toString('hex')}`;
  const masked = text.replace(/"(?:[^"\\]|\\.)*"(?:\s*:)?|\bnull\b|[\p{L}\p{M}\p{N}]/gsu, (found) =>
    found === 'null' || isKnownName(found)
      ? found
      : found.replace(/\p{N}/gu, '9').replace(/[\p{L}\p{M}]/gu, 'a'),
  );
  return plainBytes(Buffer.from(masked));
}
