/**
 * A browser in which a clinician's PIN has been right is known as theirs by a cookie. It opens nothing without the PIN: it
 * only keeps their tries apart from a guesser's, so that nobody can use them up (decisions/0013).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Half a year, and each right PIN begins it anew: who answers twice a year stays known. */
const KNOWN_SECONDS = 180 * 86_400;
/** A cookie has some 120 bytes, and API Gateway takes 10,240 of all headers together: of a ward's computer the newest stay. */
const MOST_KNOWN = 20;
const PREFIX = '__Host-vigil-';
/** For this site alone, over HTTPS alone, and out of scripts' reach. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

export type KnownBrowser = { id: string; clinicianId: string; expiresAtMs: number };

/** As whose browser the cookies prove it to be known, the newest first. */
export function knownBrowsers(key: Buffer, cookies: readonly string[], now: string): KnownBrowser[] {
  return provenBy(key, cookies, now).slice(0, MOST_KNOWN);
}

/** `Set-Cookie`s after a right PIN, without the header's name: this browser is known, and the oldest beyond the most are gone. */
export function browserCookies(
  key: Buffer,
  { id, clinicianId }: Pick<KnownBrowser, 'id' | 'clinicianId'>,
  cookies: readonly string[],
  now: string,
): string[] {
  const expires = String(Date.parse(now) + KNOWN_SECONDS * 1000);
  const value = [id, expires, sign(key, clinicianId, id, expires)].join('.');
  const others = provenBy(key, cookies, now).filter((other) => other.clinicianId !== clinicianId);
  return [
    `${PREFIX}${clinicianId}=${value}; Max-Age=${KNOWN_SECONDS}; ${ATTRIBUTES}`,
    ...others
      .slice(MOST_KNOWN - 1)
      .map((other) => `${PREFIX}${other.clinicianId}=; Max-Age=0; ${ATTRIBUTES}`),
  ];
}

function provenBy(key: Buffer, cookies: readonly string[], now: string): KnownBrowser[] {
  return cookies
    .flatMap((cookie) => provenByOne(key, cookie) ?? [])
    .filter(({ expiresAtMs }) => Date.parse(now) < expiresAtMs)
    .sort((a, b) => b.expiresAtMs - a.expiresAtMs);
}

/** One for each clinician, as colleagues share computers; an id is also a part of a cookie's name. */
function provenByOne(key: Buffer, cookie: string): KnownBrowser | undefined {
  const [name = '', value = ''] = cookie.split('=');
  const [id, expires, signature] = value.split('.');
  if (!name.startsWith(PREFIX) || !id || !expires || !signature) return undefined;
  const clinicianId = name.slice(PREFIX.length);
  const [given, expected] = [signature, sign(key, clinicianId, id, expires)].map((text) => Buffer.from(text));
  const isOurs = given?.length === expected?.length && timingSafeEqual(given as Buffer, expected as Buffer);
  return isOurs ? { id, clinicianId, expiresAtMs: Number(expires) } : undefined;
}

function sign(key: Buffer, ...parts: string[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['browser', ...parts]))
    .digest('base64url');
}
