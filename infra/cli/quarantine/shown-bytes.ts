/** A record's bytes on a terminal: as they are, or only how they are built. */

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

/** A name of a field, as programs give them: no spaces, hardly a digit. */
const FIELD_NAME = /^"[A-Za-z@_.-]{1,40}\d{0,2}"\s*:$/;

/** Names of fields and punctuation stay; every letter of a value is an `a`, every digit a `9`. */
export function maskedBytes(bytes: Uint8Array): string {
  const text = textIn(bytes);
  if (text === undefined)
    return `no text in UTF-8; begins with the bytes ${Buffer.from(bytes.slice(0, 2)).toString('hex')}`;
  const masked = text.replace(/"(?:[^"\\]|\\.)*"(?:\s*:)?|\bnull\b|[\p{L}\p{M}\p{N}]/gsu, (found) =>
    found === 'null' || FIELD_NAME.test(found)
      ? found
      : found.replace(/\p{N}/gu, '9').replace(/[\p{L}\p{M}]/gu, 'a'),
  );
  return plainBytes(Buffer.from(masked));
}
