/** What the report's mail says: the headline, its numbers, and the link. No names, no values, no ids. */
import type { Summary } from './summary.ts';
import { unknowns } from './unknowns.ts';
import { duration, headline, localTime } from './verdict.ts';
import type { ReportWindow } from './window.ts';

export function reportMail(
  window: ReportWindow,
  summary: Summary,
  link: string,
): { subject: string; message: string } {
  const { secondsToAcceptance, gaps, supersededWorst } = summary;
  const worst = supersededWorst ? ` (worst: ${supersededWorst})` : '';
  return {
    subject: `Vigil: the night to ${localTime(window.to, window)} - ${standing(summary)}`,
    message: [
      headline(summary),
      '',
      `Readings archived: ${summary.archived}, critical ${summary.critical}, emergency ${summary.emergency}, suspect ${summary.suspect}`,
      `Could not be read: ${summary.quarantined}, late and set aside ${summary.superseded}${worst}`,
      `Readings of unregistered devices: ${summary.fromUnknownDevices}, devices with a wrong clock ${summary.clocksOff}`,
      `Pages sent: ${summary.pagesSent + summary.recheckPages}, could not be mailed ${summary.pagesFailed}`,
      `Alerts opened: ${summary.alertsOpened}, accepted ${summary.accepted}, unanswered at first ${summary.unanswered}, still open ${summary.openAtEnd}`,
      `To acceptance: half within ${duration(secondsToAcceptance.p50)}, longest ${duration(secondsToAcceptance.max)}`,
      `Reconciliation: ${gaps.length === 0 ? 'no gaps' : gaps.join('; ')}`,
      '',
      'The report asks for your PIN:',
      link,
    ].join('\n'),
  };
}

function standing(summary: Summary): string {
  if (!summary.reconciled) return 'NOT RECONCILED';
  return unknowns(summary).length === 0 ? 'reconciled' : 'reconciled, but not everything is known';
}
