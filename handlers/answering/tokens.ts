/** What a form carries instead of a server's memory: proof that the form is ours and fresh, and who gave the PIN. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const HOUR_MS = 3_600_000;
/** What follows the PIN is open for ten minutes: long enough to see to a patient, too short for a phone that was left lying. */
const SESSION_MS = 10 * 60_000;

/** Bound to what the form is about (a page's id, say) and to when it was made. */
export function formToken(key: Buffer, about: string, now: string): string {
  const issuedAtMs = Date.parse(now);
  return `${issuedAtMs}.${sign(key, 'form', about, issuedAtMs)}`;
}

/** True for a token of this hour or the one before, so that a form opened just before the hour lasts. */
export function isFormToken(key: Buffer, about: string, token: string, now: string): boolean {
  const [issued, signature] = token.split('.');
  const issuedAtMs = Number(issued);
  if (!signature || !same(signature, sign(key, 'form', about, issuedAtMs))) return false;
  return [0, 1].includes(hourOf(Date.parse(now)) - hourOf(issuedAtMs));
}

/** When a token that `isFormToken` found good was made, ISO 8601 UTC. */
export function formIssuedAt(token: string): string {
  return new Date(Number(token.split('.')[0])).toISOString();
}

/** Given after a right PIN, for ten minutes. */
export function sessionToken(key: Buffer, about: string, clinicianId: string, now: string): string {
  const expiresAtMs = Date.parse(now) + SESSION_MS;
  return `${clinicianId}.${expiresAtMs}.${sign(key, 'session', about, clinicianId, expiresAtMs)}`;
}

/** Whose session it is; undefined when it has ended or is not ours. */
export function sessionOwner(key: Buffer, about: string, session: string, now: string): string | undefined {
  const [clinicianId, expires, signature] = session.split('.');
  if (!clinicianId || !expires || !signature) return undefined;
  const expiresAtMs = Number(expires);
  if (!same(signature, sign(key, 'session', about, clinicianId, expiresAtMs))) return undefined;
  return Date.parse(now) < expiresAtMs ? clinicianId : undefined;
}

/** When a session that `sessionOwner` found good began, ISO 8601 UTC. */
export function sessionBeganAt(session: string): string {
  return new Date(Number(session.split('.')[1]) - SESSION_MS).toISOString();
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** JSON keeps the parts apart, whatever they hold. */
function sign(key: Buffer, ...parts: (string | number)[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
