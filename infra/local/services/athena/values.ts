/** Values as Athena prints them in its results: every one a text, doubles and timestamps in their own form. */
import type { Payload } from '../../engine/service.ts';

/** A double as Java writes it: `57.0`, `1.2E-4`, `1.0E7`. https://docs.oracle.com/javase/8/docs/api/java/lang/Double.html#toString-double- */
function double(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 1e-3 && size < 1e7);
  const text = isPlain ? String(value) : value.toExponential().replace('e+', 'E').replace('e', 'E');
  return /[.]/.test(text) ? text : text.replace(/^(-?\d+)/, '$1.0');
}

/** `2026-03-02 06:00:00.000`: a timestamp has milliseconds. */
function timestamp(text: string): string {
  return `${text}${text.includes('.') ? '' : '.'}000`.slice(0, 'yyyy-MM-dd HH:mm:ss.SSS'.length);
}

/** Undefined where there is no value. `type` is DuckDB's. */
export function printed(value: Payload, type: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type === 'DOUBLE') return double(value);
  return type === 'TIMESTAMP' ? timestamp(String(value)) : String(value);
}
