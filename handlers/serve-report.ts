/** The nightly report behind the link of its mail. */
import { z } from 'zod';
import { formOf } from './answering/form.ts';
import { failedReport, pageOfReport } from './reporting/link-pages.ts';
import { environment } from './runtime/environment.ts';
import { readReport } from './use-cases/read-report.ts';
import { servePage } from './use-cases/serve-page.ts';
import type { HtmlResponse } from './web/page.ts';
import type { LinkRequest } from './web/request.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ARCHIVE_BUCKET: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

export function handler(event: unknown): Promise<HtmlResponse> {
  return servePage(event, respond, {
    code: 'report-not-shown',
    metric: 'ReportsNotShown',
    failed: failedReport,
    secretArn: () => settings().ANSWER_SECRET_ARN,
  });
}

async function respond(request: LinkRequest, now: string): Promise<HtmlResponse> {
  const { TABLE_NAME, ARCHIVE_BUCKET, ROSTER_BUCKET, ANSWER_SECRET_ARN } = settings();
  const resources = {
    tableName: TABLE_NAME,
    archiveBucket: ARCHIVE_BUCKET,
    rosterBucket: ROSTER_BUCKET,
    secretArn: ANSWER_SECRET_ARN,
  };
  return pageOfReport(await readReport(request, formOf(request), resources, now));
}
