/** What a function is told by its configuration. The only place that reads process.env. */
import { z } from 'zod';

/**
 * A function's settings, to be asked for by each invocation; read again only when they have changed, as in tests: in Lambda
 * an instance's never do. Throws one error that lists every missing or malformed name.
 */
export function environment<Shape extends z.ZodRawShape>(shape: Shape): () => z.infer<z.ZodObject<Shape>> {
  const schema = z.object(shape);
  const names = Object.keys(shape);
  let known: { said: (string | undefined)[]; settings: z.infer<z.ZodObject<Shape>> } | undefined;
  return () => {
    const said = names.map((name) => process.env[name]);
    if (known && said.every((value, index) => value === known?.said[index])) return known.settings;
    const parsed = schema.safeParse(process.env);
    if (!parsed.success) {
      const wrong = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new Error(`Environment variables missing or malformed: ${wrong}`);
    }
    known = { said, settings: parsed.data };
    return known.settings;
  };
}
