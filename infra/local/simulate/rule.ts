/** A rule that holds at every moment of a simulated week, and what it sees of it: each write, each mail, each minute. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { AlertEvent } from '../../../handlers/alert/event.ts';
import type { DeliveredMail } from '../services/sns/service.ts';

/** As what a breach counts. */
export type BreachKind = 'lost' | 'duplicated' | 'silentEnd' | 'other';

/** `alertKey`: of the alert whose story tells it; null where there is none. */
export type Breach = { kind: BreachKind; rule: string; alertKey: string | null; atMs: number; says: string };

/** What an alert is of, by the beginning of its key. */
export type KeyKind = 'PATIENT' | 'DEVICE' | 'DRILL' | 'CHECKIN';

export function keyKindOf(alertKey: string): KeyKind {
  return alertKey.slice(0, alertKey.indexOf('#')) as KeyKind;
}

/** Of nobody: it asks for an answer, and for nothing else. */
export function isRehearsed(alertKey: string): boolean {
  return ['DRILL', 'CHECKIN'].includes(keyKindOf(alertKey));
}

/** What a rule needs of a claim. */
export const WeekClaim = z.object({
  readingId: z.string(),
  alertKey: z.string(),
  patientId: z.string().nullable(),
  systolicMmHg: z.number().nullable(),
  diastolicMmHg: z.number().nullable(),
  arrivedAt: z.string(),
  status: z.enum(['unfulfilled', 'fulfilled', 'superseded']),
});
type WeekClaim = z.infer<typeof WeekClaim>;

/** Emergency timings are those of a suspect reading that would read as one, too. */
export function isOfEmergency({ worst }: Pick<Alert, 'worst'>): boolean {
  return worst.endsWith('emergency');
}

/** One write of an alert; `before` is undefined for a patient's first. */
export type AlertWrite = { before: Alert | undefined; after: Alert; event: AlertEvent };

/** A mail, with whom it went to, of which alert, and its place in the order in which mails were published, and when that was. */
export type WeekMail = DeliveredMail & {
  to: string;
  clinicianId: string | null;
  reference: string | null;
  number: number;
  publishedMs: number;
};

export type WeekRule = {
  onAlert?(write: AlertWrite): void;
  onClaim?(claim: WeekClaim): void;
  onMail?(mail: WeekMail): void;
  onMinute?(nowMs: number): void;
  /** After everything has come to its end. */
  atEnd?(nowMs: number): void;
};

/** Tells of a breach; the same rule breaks once an alert. */
export type Tell = (kind: BreachKind, rule: string, alertKey: string | null, says: string) => void;

/** Whoever checks in, as a check-in's key has them. */
export function hashOf(clinicianId: string): string {
  return createHash('sha256').update(clinicianId).digest('hex').slice(0, 32);
}
