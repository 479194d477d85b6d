/** Who may read a report, what of it, and for how long. */

import type { Clinician } from '../on-call/roster.ts';
import { html } from '../web/html.ts';

/** As long as an alert's links: whoever needs an older one asks the operations, who find it in the archive. */
const READABLE_DAYS = 30;

export function reportKey(reportId: string): string {
  return `reports/${reportId}.html`;
}

/** Instants are ISO 8601. */
export function isReadable(storedAt: string, now: string): boolean {
  return Date.parse(now) - Date.parse(storedAt) < READABLE_DAYS * 86_400_000;
}

/** On the element that holds a whole report; a report without it is of before its rows were marked. */
export const byWard = html` data-by-ward`;

/** On a row or cell that tells of patients or devices: their ward; of no known ward, it is for the quality team. */
export function ofWard(ward: string | null | undefined) {
  return html` data-ward="${ward ?? ''}"`;
}

const marked = /<(tr|td) data-ward="([^"]*)">[\s\S]*?<\/\1>/g;

/**
 * The report as this person may read it: whoever does quality the whole, leads and doctors the hospital's figures and the rows
 * of their own wards. Nurses answer alerts; what a night was like is for those who lead, treat, or look after quality.
 */
export function readableBy(
  { role, wards }: Pick<Clinician, 'role' | 'wards'>,
  report: string,
): string | undefined {
  if (role === 'quality') return report;
  if (role === 'nurse' || !report.includes(`<main${byWard.html}>`)) return undefined;
  const own = new Set(wards.map((ward) => html`${ward}`.html));
  return report.replace(marked, (row, _tag, ward: string) => (own.has(ward) ? row : ''));
}
