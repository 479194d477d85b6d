/** What comes of a request to the page of a mail's link: which page is to be shown, and with what. */
import type { Clinician } from '../on-call/roster.ts';
import type { RecentReading } from '../reading/vitals.ts';
import type { Notice } from '../web/notice.ts';
import type { RequestContext } from './request-context.ts';

export type SignIn = {
  show: 'signIn';
  context: RequestContext;
  /** For the form that is shown. */
  token: string;
  notice?: Notice | undefined;
  /** Who somebody said to be: a form that comes back keeps it. */
  said?: string | undefined;
};

export type SignedIn = {
  show: 'signedIn';
  context: RequestContext;
  /** Who gave the PIN. */
  clinician: Clinician;
  token: string;
  /** Stands for the PIN. */
  session: string;
  /** Undefined when they could not be read. */
  recent: readonly RecentReading[] | undefined;
  notice: Notice | undefined;
};

export type PageOutcome = (
  | { show: 'unknown' }
  /** The alert of the page is closed; `closedByMe` just now. */
  | { show: 'over' | 'closedByMe'; context: RequestContext }
  | SignIn
  | SignedIn
) & { cookies?: string[] };
