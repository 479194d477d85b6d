/** What people say of an alert on the telephone. */
import { createHash } from 'node:crypto';

/** Crockford's base32: no I, L, O or U, so that a reference survives the telephone. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A billion references: two open at once in one hospital hardly share one. */
const REFERENCE_CHARACTERS = 6;

/** What people call an alert by: six characters, the same ones for the same alert. */
export function referenceOf(alertId: string): string {
  const bytes = createHash('sha256').update(alertId).digest();
  return Array.from(
    { length: REFERENCE_CHARACTERS },
    (_, index) => CROCKFORD[bytes.readUInt8(index) % 32],
  ).join('');
}
