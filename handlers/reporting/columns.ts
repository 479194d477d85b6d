/** Columns of a query's result: Athena gives every value as text, and null where there is none. */
import { z } from 'zod';

export const count = z.string().regex(/^\d+$/).transform(Number);

/** A double, e.g. `57.622` or `1.2E-4`; null where nothing was measured. */
export const seconds = z
  .string()
  .regex(/^\d/)
  .nullable()
  .transform((text) => (text === null ? null : Number(text)))
  .pipe(z.number().nullable());
