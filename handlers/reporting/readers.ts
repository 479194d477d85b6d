/** Who may read a report, and for how long. */
import { z } from 'zod';

/** Stored beside the report: the wards of its night. */
export const ReportReaders = z.object({ wards: z.array(z.string()) });
export type ReportReaders = z.infer<typeof ReportReaders>;

/** As long as an alert's links: whoever needs an older one asks the operations, who find it in the archive. */
const READABLE_DAYS = 30;

export function reportKey(reportId: string): string {
  return `reports/${reportId}.html`;
}

export function readersKey(reportId: string): string {
  return `reports/${reportId}.readers.json`;
}

/** Instants are ISO 8601. */
export function isReadable(storedAt: string, now: string): boolean {
  return Date.parse(now) - Date.parse(storedAt) < READABLE_DAYS * 86_400_000;
}

/**
 * Leads and doctors who work on one of its wards, and whoever does quality. Nurses answer alerts; what a night was like is
 * for those who lead, treat, or look after quality.
 */
export function mayRead(
  { role, wards }: { role: string; wards: readonly string[] },
  ofReport: readonly string[] | undefined,
): boolean {
  if (role === 'quality') return true;
  return role !== 'nurse' && (ofReport === undefined || wards.some((ward) => ofReport.includes(ward)));
}
