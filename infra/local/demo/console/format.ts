/** How long something took, and JSON for people. */
import { type Html, html, multiline } from '../../../../handlers/web/html.ts';

/** e.g. `12 ms`, `3.204 s`, `48.1 s`, `2 min 0 s`, `1 h 5 min`. */
export function elapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${milliseconds} ms`;
  if (seconds < 10) return `${seconds.toFixed(3)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function pretty(json: string | undefined): Html | undefined {
  if (json === undefined) return undefined;
  try {
    return html`<pre>${multiline(JSON.stringify(JSON.parse(json), null, 2))}</pre>`;
  } catch {
    return html`<pre>${multiline(json)}</pre>`;
  }
}

/** What fits a line is shown, the rest on demand. */
export function folded(json: string | undefined): Html | undefined {
  if (json === undefined || json.length <= 32) return html`${json}`;
  return html`<details><summary>${json.slice(0, 28)}...</summary>${pretty(json)}</details>`;
}
