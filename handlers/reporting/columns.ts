/** Columns of a query's result: Athena gives every value as text, and null where there is none. */
import { z } from 'zod';

export const count = z.string().regex(/^\d+$/).transform(Number);

/**
 * A wait as a double, e.g. `57.622` or `1.2E-4`; null where nothing was measured. It lies between the stream's clock and a
 * function's, which differ by parts of a second: what comes out below 0 is none.
 */
export const seconds = z
  .string()
  .regex(/^-?\d/)
  .nullable()
  .transform((text) => (text === null ? null : Number(text)))
  .pipe(z.number().nullable())
  .transform((wait) => wait && Math.max(0, wait));
