/** What a browser, or a mail scanner, posts: read field by field, and whatever is not well formed counts as not given. */
import { z } from 'zod';
import { chosenReasons, Usefulness } from '../alert/closing-reasons.ts';
import { alarmLevels } from '../clinical/severity.ts';
import type { LinkRequest } from '../web/request.ts';

/** The longest that our own forms send is under 1 KiB. */
const LONGEST_BODY = 8 * 1024;

/** A field that is missing or malformed is undefined. */
const known = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const Form = z.object({
  action: known(z.enum(['accept', 'decline', 'show', 'hand-over', 'give-back', 'close', 'sign-out'])),
  token: known(z.string().max(100)),
  session: known(z.string().max(200)),
  /** The level that the form showed: who answers, answers to that. */
  shown: known(z.enum(alarmLevels)),
  /** An id, or initials. */
  clinician: known(z.string().trim().min(1).max(64)),
  pin: known(
    z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  ),
  reason: known(z.enum(chosenReasons)),
  usefulness: known(Usefulness),
  /** Whose the alert is to be. */
  colleague: known(z.string().min(1).max(64)),
});
export type Form = z.infer<typeof Form>;

/** Undefined for a request that only looks. */
export function formOf({ method, body }: Pick<LinkRequest, 'method' | 'body'>): Form | undefined {
  if (method !== 'POST') return undefined;
  if (body.length > LONGEST_BODY) return {};
  return Form.parse(Object.fromEntries(new URLSearchParams(body)));
}
