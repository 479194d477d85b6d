/** What a step of the nightly report cannot use, however often it is asked: `workflows/nightly-report.asl.json` does not ask again. */
import type { z } from 'zod';

export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** The value as the schema gives it. Throws Malformed, which names each place in it that is wrong, and no value. */
export function wellFormed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  if (error)
    throw new Malformed(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return data as z.output<Schema>;
}
