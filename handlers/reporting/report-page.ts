/** The report as a self-contained page: was the night safe, what to do, the proof, then the tables. Prints well. */
import { DateTime } from 'luxon';
import type { Summary } from './summary.ts';
import type { ReportWindow } from './window.ts';

/** A table's rows as the query gave them. */
export type Table = {
  title: string;
  empty: string;
  columns: Record<string, string>;
  rows: readonly Record<string, string | null>[];
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] as string);

/** `12 s`, `3 min 20 s`; a dash where nothing was measured. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
}

/** The night in one sentence. */
export function headline(summary: Summary): string {
  if (!summary.reconciled) return 'This night is not proved: the reconciliation has gaps.';
  if (summary.unanswered > 0) return 'Nothing was lost, but an alert went unanswered.';
  if (summary.openAtEnd > 0) return 'Nothing was lost; alerts are still open.';
  return 'Nothing was lost, and every alert was answered.';
}

/** What somebody should do this morning, most urgent first. */
export function actions(summary: Summary): string[] {
  const list: string[] = [];
  for (const gap of summary.gaps) list.push(`Find out: ${gap.check} (${gap.count}, e.g. ${gap.example}).`);
  if (summary.unanswered > 0)
    list.push(`Ask why ${summary.unanswered} alert(s) were answered by nobody at first.`);
  if (summary.openAtEnd > 0) list.push(`See to ${summary.openAtEnd} alert(s) that are still open.`);
  if (summary.quarantined > 0) list.push(`Look at ${summary.quarantined} record(s) that could not be read.`);
  return list;
}

function cell(value: string | null): string {
  if (value === null) return '-';
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d/.test(value)) return value.slice(0, 16);
  return /^-?\d+\.\d+$/.test(value) ? String(Math.round(Number(value) * 10) / 10) : escaped(value);
}

function tableOf({ title, empty, columns, rows }: Table): string {
  if (rows.length === 0) return `<h2>${escaped(title)}</h2><p>${escaped(empty)}</p>`;
  const head = Object.values(columns).map((label) => `<th scope="col">${escaped(label)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${Object.keys(columns)
        .map((name) => `<td>${cell(row[name] ?? null)}</td>`)
        .join('')}</tr>`,
  );
  return `<h2>${escaped(title)}</h2><div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function figures(summary: Summary): string {
  const pairs: [string, string | number][] = [
    ['Readings archived', summary.archived],
    ['Critical / emergency', `${summary.critical} / ${summary.emergency}`],
    ['Suspect', summary.suspect],
    ['Alerts opened', summary.alertsOpened],
    ['Readings joined to them', summary.readingsJoined],
    ['Accepted', summary.accepted],
    ['Reached the doctor', summary.escalatedToDoctor],
    ['Unanswered at first', summary.unanswered],
    ['To the first page, longest', duration(summary.secondsToFirstPage.max)],
    ['To acceptance, half within', duration(summary.secondsToAcceptance.p50)],
    ['To acceptance, longest', duration(summary.secondsToAcceptance.max)],
    ['To a person or an alarm, longest', duration(summary.secondsToPersonOrAlarm.max)],
  ];
  return `<dl>${pairs.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(String(value))}</dd></div>`).join('')}</dl>`;
}

/** Its hash stands in the content security policy of the function that serves the page. */
export const reportStyle = `
:root { color-scheme: light dark; --line: light-dark(#d5dbe1, #3a424b); --soft: light-dark(#51606e, #a5b1bd);
  --good: light-dark(#0b6b3a, #6fd79b); --bad: light-dark(#a61b1b, #ff9d9d); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: .2rem 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .soft { color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .6rem 1.2rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } .wide { overflow: visible; } }
`;

/** The whole page. */
export function reportPage(window: ReportWindow, summary: Summary, tables: readonly Table[]): string {
  const local = (instant: string) =>
    DateTime.fromISO(instant, { zone: window.zone, locale: 'en-GB' }).toFormat('ccc d LLL yyyy HH:mm');
  const toDo = actions(summary);
  const gaps = summary.gaps.map((gap) => ({ ...gap, count: String(gap.count) }));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vigil: the night to ${escaped(local(window.to))}</title><style>${reportStyle}</style></head><body><main>
<p class="soft">${escaped(local(window.from))} to ${escaped(local(window.to))} (${escaped(window.zone)})</p>
<h1 class="${summary.reconciled && summary.unanswered === 0 ? 'good' : 'bad'}">${escaped(headline(summary))}</h1>
${figures(summary)}
<h2>What to do</h2>${toDo.length ? `<ol>${toDo.map((item) => `<li>${escaped(item)}</li>`).join('')}</ol>` : '<p>Nothing.</p>'}
${tableOf({
  title: 'Reconciliation',
  empty:
    'Every alarming reading has exactly one alert, join or supersession; every alert a page, every page an outcome; no event is missing; what the events leave open is what the table has open.',
  columns: { check: 'Gap', count: 'How many', example: 'For example' },
  rows: gaps,
})}
${tables.map(tableOf).join('\n')}
</main></body></html>`;
}
