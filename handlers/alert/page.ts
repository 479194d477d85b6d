/** A page: one clinician's request to answer, under the random id in the mail's link. */
import { z } from 'zod';
import { expiresAfter } from '../time/instant.ts';
import type { Alert } from './alert.ts';

const Id = z.string().min(1);

export const Page = z
  .object({
    /** `PAGE#<pageId>`. */
    pk: Id,
    kind: z.literal('page'),
    /** 128 random bits: whoever has it may see the page. */
    pageId: Id,
    alertKey: Id,
    alertId: Id,
    round: z.int(),
    clinicianId: Id,
    createdAt: z.iso.datetime(),
    /** Attempts that failed here, of anybody: every fifth passes the page on. */
    wrongPins: z.int(),
    /** Epoch seconds: the table's time to live. */
    expiresAt: z.int(),
  })
  // When whom signed out here: one attribute for each clinician, named by `signedOutName`.
  .catchall(z.unknown());
export type Page = z.infer<typeof Page>;

export function pageKey(pageId: string): string {
  return `PAGE#${pageId}`;
}

export function newPage(alert: Alert, pageId: string, clinicianId: string, now: string): Page {
  return {
    pk: pageKey(pageId),
    kind: 'page',
    pageId,
    alertKey: alert.pk,
    alertId: alert.alertId,
    round: alert.round.number,
    clinicianId,
    createdAt: now,
    wrongPins: 0,
    // As long as claims: whoever opens an old link is told how it ended.
    expiresAt: expiresAfter(now),
  };
}
