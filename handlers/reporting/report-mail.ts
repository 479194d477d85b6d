/** What the report's mail says: the headline, its numbers, and the link. No names, no values. */
import { duration, headline } from './report-page.ts';
import type { Summary } from './summary.ts';
import type { ReportWindow } from './window.ts';

export function reportMail(
  window: ReportWindow,
  summary: Summary,
  link: string,
): { subject: string; message: string } {
  const night = window.to.slice(0, 10);
  return {
    subject: `Vigil: the night to ${night} - ${summary.reconciled ? 'reconciled' : 'NOT RECONCILED'}`,
    message: [
      headline(summary),
      '',
      `Readings archived: ${summary.archived}, critical ${summary.critical}, emergency ${summary.emergency}, suspect ${summary.suspect}`,
      `Alerts opened: ${summary.alertsOpened}, accepted ${summary.accepted}, unanswered at first ${summary.unanswered}, still open ${summary.openAtEnd}`,
      `To acceptance: half within ${duration(summary.secondsToAcceptance.p50)}, longest ${duration(summary.secondsToAcceptance.max)}`,
      `Reconciliation: ${summary.reconciled ? 'no gaps' : summary.gaps.map((gap) => `${gap.check} (${gap.count})`).join('; ')}`,
      '',
      'The report asks for your PIN:',
      link,
    ].join('\n'),
  };
}
