/** What a function is told by its configuration. The only place that reads process.env. */
import { z } from 'zod';

/** A function's settings; throws one error that lists every missing or malformed name. */
export function environment<Shape extends z.ZodRawShape>(shape: Shape): z.infer<z.ZodObject<Shape>> {
  const parsed = z.object(shape).safeParse(process.env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Error(`Environment variables missing or malformed: ${names}`);
  }
  return parsed.data;
}
