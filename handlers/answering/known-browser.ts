/**
 * A browser in which a clinician's PIN has been right is known as theirs by a cookie. It opens nothing without the PIN: it
 * only keeps their tries apart from a guesser's, so that nobody can use them up (infra/decisions/0013-guessing.md).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Half a year, and each right PIN begins it anew: who answers twice a year stays known. */
const KNOWN_SECONDS = 180 * 86_400;

/** The id of the browser, if the cookies say that this clinician's PIN was right in it. */
export function knownBrowser(
  key: Buffer,
  clinicianId: string,
  cookies: readonly string[],
  now: string,
): string | undefined {
  const name = `${nameOf(clinicianId)}=`;
  const value = cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length) ?? '';
  const [browserId, expires, signature] = value.split('.');
  if (!browserId || !expires || !signature || !(Date.parse(now) < Number(expires))) return undefined;
  const [given, expected] = [signature, sign(key, clinicianId, browserId, expires)].map((text) =>
    Buffer.from(text),
  );
  const isOurs = given?.length === expected?.length && timingSafeEqual(given as Buffer, expected as Buffer);
  return isOurs ? browserId : undefined;
}

/** `Set-Cookie`, without the header's name: for this site alone, over HTTPS alone, and out of scripts' reach. */
export function browserCookie(key: Buffer, clinicianId: string, browserId: string, now: string): string {
  const expires = String(Date.parse(now) + KNOWN_SECONDS * 1000);
  const value = [browserId, expires, sign(key, clinicianId, browserId, expires)].join('.');
  return `${nameOf(clinicianId)}=${value}; Max-Age=${KNOWN_SECONDS}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

/** One for each clinician, as colleagues share computers; an id is also a cookie's name. */
function nameOf(clinicianId: string): string {
  return `__Host-vigil-${clinicianId}`;
}

function sign(key: Buffer, ...parts: string[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['browser', ...parts]))
    .digest('base64url');
}
