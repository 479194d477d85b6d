/** The report as a self-contained page: was the night safe, what to do, the proof, then the tables. */
import { DateTime } from 'luxon';
import { closingReasonWords } from '../alert/closing-reasons.ts';
import { faultInShort } from '../alert/technical-words.ts';
import { type Html, html, htmlDocument } from '../web/html.ts';
import { type Check, checkInWords, isClean } from './checks.ts';
import { byWard, ofWard } from './readers.ts';
import { reportStyle } from './report-style.ts';
import type { Summary } from './summary.ts';
import type { Cell, ReportTable } from './tables.ts';
import { actions, duration, headline, isGood, localTime, zoneActions } from './verdict.ts';
import type { ReportWindow } from './window.ts';

type Night = {
  window: ReportWindow;
  summary: Summary;
  checks: readonly Check[];
  tables: readonly ReportTable[];
  /** Undefined when no roster could be read. */
  rosterZone: string | undefined;
};

export function reportPage({ window, summary, checks, tables, rosterZone }: Night): string {
  const night = `${localTime(window.from, window)} to ${localTime(window.to, window)}`;
  const toDo = [...actions(summary), ...zoneActions(window, rosterZone)];
  const body = html`<main${byWard}>
<p class="soft">${night} (${window.zone})</p>
<h1 class="${isGood(summary) ? 'good' : 'bad'}">${headline(summary)}</h1>
${section('What to do', toDo.length > 0 ? html`<ol>${toDo.map((item) => html`<li>${item}</li>`)}</ol>` : html`<p>Nothing.</p>`)}
${section('The night in figures', figures(summary))}
${section('Is the night fully accounted for?', proof(checks))}
${tables.map((table) => section(table.title, tableOf(table, window)))}
<p class="soft">Leads and doctors see the rows of their own wards in these tables, the quality team sees all of them; the figures are for the whole hospital.</p>
<p class="soft">Vigil only notifies. All times are local to the hospital. Decision support, not a medical record.</p>
</main>`;
  return htmlDocument({
    title: `Vigil: the night to ${localTime(window.to, window)}`,
    style: reportStyle,
    body,
  });
}

function section(title: string, content: Html): Html {
  return html`<section><h2>${title}</h2>${content}</section>\n`;
}

function figures(summary: Summary): Html {
  const { secondsToFirstPage, secondsToAcceptance } = summary;
  const { secondsToPersonOrAlarm, secondsToPersonOrAlarmEmergency } = summary;
  const pairs: [what: string, figure: string | number][] = [
    ['Readings archived', summary.archived],
    ['Critical', summary.critical],
    ['Emergency', summary.emergency],
    ['Suspect', summary.suspect],
    ['Records that could not be read', summary.quarantined],
    [
      'Late readings set aside',
      `${summary.superseded}${summary.supersededWorst ? `, worst: ${summary.supersededWorst}` : ''}`,
    ],
    ['From unregistered devices', summary.fromUnknownDevices],
    ['Devices with a wrong clock', summary.clocksOff],
    ['Wards without a reading', summary.silentWards.join(', ') || 0],
    ['Batches of records given up on', summary.batchesGivenUp],
    ['Pages that could not be mailed', summary.pagesFailed],
    ['Alerts opened', summary.alertsOpened],
    ['Technical alerts of devices', summary.technicalAlerts],
    ['Technical alerts still open', summary.technicalOpenAtEnd],
    ['Readings that joined an open alert', summary.readingsJoined],
    ['Accepted', summary.accepted],
    ['Declined', summary.declined],
    ['Escalated to the doctor', summary.escalatedToDoctor],
    ['Unanswered at first', summary.unanswered],
    ['Still open', summary.openAtEnd],
    ['Longest wait for the first page', duration(secondsToFirstPage.max)],
    ['Half accepted within', duration(secondsToAcceptance.p50)],
    ['Longest wait for acceptance', duration(secondsToAcceptance.max)],
    ['Longest wait for a person or an alarm', duration(secondsToPersonOrAlarm.max)],
    ['The same of emergencies', duration(secondsToPersonOrAlarmEmergency.max)],
  ];
  return html`<dl>${pairs.map(([what, figure]) => html`<div><dt>${what}</dt><dd>${figure}</dd></div>`)}</dl>`;
}

function proof(checks: readonly Check[]): Html {
  const rows = checks.map((check) => {
    const verdict = isClean(check) ? html`<td class="good">yes</td>` : html`<td class="bad">NO</td>`;
    const { expected, missing, example } = check;
    return html`<tr>${verdict}<td class="words">${checkInWords(check)}</td><td class="number">${expected}</td><td class="number">${missing}</td><td${ofWard(undefined)}>${example ?? ''}</td></tr>`;
  });
  return html`<div class="wide" tabindex="0"><table><thead><tr><th scope="col">Holds</th><th scope="col">What was checked</th><th scope="col" class="number">Cases checked</th><th scope="col" class="number">Gaps</th><th scope="col">Example of a gap</th></tr></thead><tbody>${rows}</tbody></table></div><p class="soft">The proof also covers a margin on either side of the night, so it may count more alerts than the night opened.</p>`;
}

function tableOf({ empty, columns, rows, cutAfter, onStandby }: ReportTable, window: ReportWindow): Html {
  const note =
    cutAfter === undefined
      ? undefined
      : html`<p class="soft">Only the first ${cutAfter} are shown; any others are in the archive.</p>`;
  const standby =
    onStandby > 0 ? html`<p class="soft">Not shown, as they are on standby: ${onStandby}.</p>` : undefined;
  if (rows.length === 0) return html`${note ?? html`<p>${empty}</p>`}${standby}`;
  const cells = Object.entries(columns);
  return html`<div class="wide" tabindex="0"><table><thead><tr>${cells.map(([, { label }]) => html`<th scope="col">${label}</th>`)}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr${ofWard(row.ward)}>${cells.map(([name, { as }]) => html`<td>${shown(row[name] ?? null, as, window)}</td>`)}</tr>`,
  )}</tbody></table></div>${note}${standby}`;
}

/** What queries name by an identifier. */
const wordsOf: Record<string, string> = {
  ...closingReasonWords,
  unreadable: 'could not be read, raised again',
  repeatedAlerts: 'patient with repeated alerts',
  repeatedSuspectReadings: 'device with repeated suspect readings',
};

/** A value as people read it; what Athena prints as `2026-03-02 03:12:00.000` is UTC. */
function shown(value: string | null, as: Cell, { zone }: ReportWindow): string {
  if (value === null) return '-';
  if (as === 'duration') return duration(Number(value));
  if (as === 'fault') return faultInShort(value);
  if (as === 'pressure') return String(Math.round(Number(value) * 10) / 10);
  if (as === 'time')
    return DateTime.fromSQL(value, { zone: 'utc' }).setZone(zone).setLocale('en-GB').toFormat('d LLL HH:mm');
  if (as === 'word') return Object.hasOwn(wordsOf, value) ? (wordsOf[value] as string) : value;
  return value;
}
