/** What whoever opens the link of a report's mail sees: a form for who it is and the PIN, then the report. */
import { html } from '../web/html.ts';
import { type Notice, noticeBox } from '../web/notice.ts';
import { type HtmlResponse, htmlResponse, storedResponse } from '../web/page.ts';
import { signInForm, whoField } from '../web/sign-in-form.ts';

type ReportSignIn = {
  show: 'signIn';
  token: string;
  /** Who somebody said to be: a form that comes back keeps it. */
  said: string | undefined;
  notice: Notice | undefined;
};

/** What comes of a request to a report. */
export type ReportOutcome =
  | { show: 'unknown' }
  | ReportSignIn
  | { show: 'report'; report: string; cookies: string[] };

export function pageOfReport(outcome: ReportOutcome): HtmlResponse {
  switch (outcome.show) {
    case 'unknown':
      return unknownReport();
    case 'signIn':
      return reportSignInPage(outcome);
    case 'report':
      return { ...storedResponse(outcome.report), cookies: outcome.cookies };
  }
}

/** The link is the same for everybody, so the page names nobody. */
function reportSignInPage({ token, said, notice }: ReportSignIn): HtmlResponse {
  return htmlResponse(
    notice?.status ?? 200,
    'Nightly report',
    html`<h1>Nightly report</h1>
${noticeBox(notice)}
${signInForm({
  token,
  who: whoField(said),
  pinId: 'pin',
  buttons: html`<button name="action" value="show" class="main">Show the report</button>`,
})}`,
  );
}

function unknownReport(): HtmlResponse {
  return htmlResponse(
    404,
    'No such report',
    html`<h1>No such report</h1><p>The link is incomplete, or the report is older than 30 days. Open the link in Vigil's newest mail, or ask the team that runs Vigil for the report.</p>`,
  );
}

export function failedReport(): HtmlResponse {
  return htmlResponse(
    500,
    'Not shown',
    html`<h1>Something went wrong</h1><p>Go back and try once more in a minute. If it fails again, tell the team that runs Vigil. The report itself is safe.</p>`,
  );
}
