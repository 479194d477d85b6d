/** The page of each outcome. */
import type { HtmlResponse } from '../web/page.ts';
import { closedPage, overPage, unknownPage } from './closing-pages.ts';
import type { PageOutcome } from './outcome.ts';
import { signInPage } from './sign-in-page.ts';
import { signedInPage } from './signed-in-page.ts';

export function pageOf(outcome: PageOutcome): HtmlResponse {
  const { cookies } = outcome;
  return { ...shown(outcome), ...(cookies && { cookies }) };
}

function shown(outcome: PageOutcome): HtmlResponse {
  switch (outcome.show) {
    case 'unknown':
      return unknownPage();
    case 'over':
      return overPage(outcome.context);
    case 'closedByMe':
      return closedPage(outcome.context);
    case 'signIn':
      return signInPage(outcome);
    case 'signedIn':
      return signedInPage(outcome);
  }
}
