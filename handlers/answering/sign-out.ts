/** Signing out: on the page's item stands until when each clinician's sessions and forms there do not count. */
import type { Page } from '../alert/page.ts';

/** The attribute of the page's item, one a clinician, so that two who sign out at once do not hinder each other. */
export function signedOutName(clinicianId: string): string {
  return `signedOut ${clinicianId}`;
}

/** True for a session or form of this clinician that was there when they signed out: going back brings neither to life. */
export function isSignedOut(page: Page, clinicianId: string, beganAt: string): boolean {
  const at = page[signedOutName(clinicianId)];
  return typeof at === 'string' && beganAt <= at;
}
