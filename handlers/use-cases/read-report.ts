/**
 * A request to the nightly report behind the link of its mail, for 30 days: who it is and the PIN, then the report. Leads and
 * doctors read the rows of their wards, who does quality all. Wrong PINs count as on an alert's page that is not the newest.
 */
import type { Form } from '../answering/form.ts';
import { lockedOutOfReport, problems, wrongPin } from '../answering/notices.ts';
import { formToken, isFormToken } from '../answering/tokens.ts';
import { readStored } from '../aws/s3/archive-store.ts';
import { loadRoster } from '../aws/s3/roster-store.ts';
import { loadAnswerKeys } from '../aws/secrets.ts';
import type { ReportOutcome } from '../reporting/link-pages.ts';
import { isReadable, readableBy, reportKey } from '../reporting/readers.ts';
import { logger } from '../runtime/logger.ts';
import type { Notice } from '../web/notice.ts';
import type { LinkRequest } from '../web/request.ts';
import { checkPin } from './check-pin.ts';

/** 128 bits in hexadecimal; anything else was never a link of ours. */
const REPORT_ID = /^[0-9a-f]{32}$/;

/** What the function has of its stage. */
type Resources = { tableName: string; archiveBucket: string; rosterBucket: string; secretArn: string };

/** `form`: what was posted, if anything was. */
export async function readReport(
  { linkId, cookies }: Pick<LinkRequest, 'linkId' | 'cookies'>,
  form: Form | undefined,
  { tableName, archiveBucket, rosterBucket, secretArn }: Resources,
  now: string,
): Promise<ReportOutcome> {
  const report = await storedReport(archiveBucket, linkId, now);
  if (report === undefined) return { show: 'unknown' };
  const keys = await loadAnswerKeys(secretArn, Date.parse(now));
  const about = `report ${linkId}`;
  const ask = (notice?: Notice): ReportOutcome => ({
    show: 'signIn',
    token: formToken(keys.formKey, about, now),
    said: form?.clinician,
    notice,
  });
  if (!form) return ask();
  if (!form.token || !isFormToken(keys.formKey, about, form.token, now)) return ask(problems.formTooOld);
  if (!form.clinician) return ask(problems.noName);
  if (!form.pin) return ask(problems.noPin);
  const roster = await loadRoster(rosterBucket, Date.parse(now));
  const reportId = linkId.slice(0, 6);
  const expected = roster.clinicians.filter((clinician) => readableBy(clinician, report) !== undefined);
  const checked = await checkPin(
    { tableName, keys, now, roster },
    { name: form.clinician, pin: form.pin, cookies, expected },
    () => 'elsewhere',
    { reportId },
  );
  if (checked.is !== 'right')
    return ask(checked.lockout ? lockedOutOfReport(checked.lockout.until, { roster, now }) : wrongPin());
  const readable = readableBy(checked.who, report);
  if (readable === undefined) return ask(problems.notAReader);
  logger.info('report-read', { reportId, clinicianId: checked.who.id });
  return { show: 'report', report: readable, cookies: checked.cookies };
}

/** Undefined for what was never a report, and for one that is kept but not shown any more. */
async function storedReport(bucket: string, reportId: string, now: string): Promise<string | undefined> {
  const stored = REPORT_ID.test(reportId) ? await readStored(bucket, reportKey(reportId)) : undefined;
  return stored && isReadable(stored.at, now) ? stored.text : undefined;
}
