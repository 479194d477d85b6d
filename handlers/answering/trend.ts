/** A patient's last readings: a small drawing for the direction, and a table for the figures. */
import { isLate } from '../reading/late.ts';
import type { RecentReading } from '../reading/vitals.ts';
import { type Html, html } from '../web/html.ts';
import { clockTime, timeElement } from '../web/time.ts';
import { pageWords } from './words.en.ts';

const words = pageWords.trend;

/** As many rows as a phone shows without much scrolling; the drawing has all that are remembered. */
const ROWS = 8;
/** The drawing's own units; it is as wide as the page. */
const WIDTH = 320;
const HEIGHT = 120;
const MARGIN = { left: 30, right: 8, top: 10, bottom: 18 };

/** Readings as the vitals hold them, oldest first; undefined when they could not be read. */
export function trend(recent: readonly RecentReading[] | undefined, zone: string, now: string): Html {
  if (recent === undefined) {
    return html`<h2>${words.heading}</h2>
<p>${words.notShown}</p>`;
  }
  if (recent.length === 0) {
    return html`<h2>${words.heading}</h2>
<p>${words.none}</p>`;
  }
  const rows = recent
    .slice(-ROWS)
    .toReversed()
    .map(
      (
        reading,
      ) => html`<tr><td>${timeElement(reading.measuredAt, zone, now)}${noteOn(reading, zone, now)}</td>
<td>${reading.systolicMmHg} / ${reading.diastolicMmHg}</td><td>${reading.severity}</td></tr>\n`,
    );
  return html`<h2>${words.heading}</h2>
${recent.length > 1 ? drawing(recent, zone, now) : undefined}
<table>
<thead><tr>${words.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}

function noteOn(reading: RecentReading, zone: string, now: string): Html | undefined {
  if (reading.clockDoubted) return html` <span class="soft">${words.clockDoubted}</span>`;
  if (reading.questionable) return html` <span class="soft">${words.questionable}</span>`;
  if (!isLate(reading)) return undefined;
  return html` <span class="soft">${words.arrivedLate} ${timeElement(reading.arrivedAt, zone, now)}</span>`;
}

/** One bar a reading, from diastolic up to systolic, by time: two of them at least, one has no direction. */
function drawing(recent: readonly RecentReading[], zone: string, now: string): Html {
  const pressures = recent.flatMap(({ systolicMmHg, diastolicMmHg }) => [systolicMmHg, diastolicMmHg]);
  // Whole tens, so that the axis has round numbers, and a height whatever the readings.
  const low = Math.floor(Math.min(...pressures) / 10) * 10;
  const high = Math.max(low + 10, Math.ceil(Math.max(...pressures) / 10) * 10);
  const times = recent.map(({ measuredAt }) => Date.parse(measuredAt));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = (ms: number) => {
    const width = WIDTH - MARGIN.left - MARGIN.right;
    return rounded(MARGIN.left + (to === from ? 0.5 : 0.02 + (0.96 * (ms - from)) / (to - from)) * width);
  };
  const y = (mmHg: number) =>
    rounded(MARGIN.top + ((high - mmHg) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom));
  const bars = recent.map((reading, index) => {
    const at = x(times[index] as number);
    const alarming = reading.severity === 'critical' || reading.severity === 'emergency';
    return html`<line class="bar${alarming ? ' alarming' : ''}" x1="${at}" x2="${at}" y1="${y(reading.systolicMmHg)}" y2="${y(reading.diastolicMmHg)}"/>\n`;
  });
  const axis = [high, low].map(
    (mmHg) => html`<line class="axis" x1="${MARGIN.left}" x2="${WIDTH}" y1="${y(mmHg)}" y2="${y(mmHg)}"/>
<text x="0" y="${y(mmHg) + 4}">${mmHg}</text>\n`,
  );
  const clock = (ms: number) => clockTime(new Date(ms).toISOString(), zone, now);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words.picture(recent.length)}">
${axis}${bars}<text x="${MARGIN.left}" y="${HEIGHT - 2}">${clock(from)}</text>
<text x="${WIDTH}" y="${HEIGHT - 2}" text-anchor="end">${to === from ? '' : clock(to)}</text>
</svg>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
