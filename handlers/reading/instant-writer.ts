/** Instants as text, many of one hour: a `Date` for each would be a tenth of what judging a reading takes. */

const HOUR_MS = 3_600_000;
/** What follows the hour. */
const REST = '00:00.000Z'.length;

/** Of epoch milliseconds, whole ones, ISO 8601 UTC as `Date` writes it. Throws RangeError as that does. */
export function instantWriter(): (ms: number) => string {
  let startMs = Number.NaN;
  let hour = '';
  return (ms) => {
    const begun = Math.floor(ms / HOUR_MS) * HOUR_MS;
    if (begun !== startMs) {
      hour = new Date(begun).toISOString().slice(0, -REST);
      startMs = begun;
    }
    const within = ms - begun;
    const seconds = Math.floor(within / 1000);
    return `${hour}${digits(Math.floor(seconds / 60), 2)}:${digits(seconds % 60, 2)}.${digits(within % 1000, 3)}Z`;
  };
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
