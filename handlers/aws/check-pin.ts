/** Whether a PIN is a clinician's own. */
import type { Clinician } from '../on-call/roster.ts';
import { pinMatches } from './pin.ts';

/** The clinician among `candidates` whose PIN it is; undefined for a wrong one, and for somebody who is not among them. */
export async function checkPin(
  candidates: readonly Clinician[],
  clinicianId: string | undefined,
  pin: string,
  pepper: string,
): Promise<Clinician | undefined> {
  const clinician = candidates.find(({ id }) => id === clinicianId);
  return clinician && (await pinMatches(pin, pepper, clinician.pinHash)) ? clinician : undefined;
}
