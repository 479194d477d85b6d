/** The page behind the link of a mail: shows the alert, and takes the answer. */
import { z } from 'zod';
import { failedPage } from './answering/closing-pages.ts';
import { formOf } from './answering/form.ts';
import { pageOf } from './answering/pages.ts';
import { environment } from './runtime/environment.ts';
import { openPage } from './use-cases/open-page.ts';
import { servePage } from './use-cases/serve-page.ts';
import type { HtmlResponse } from './web/page.ts';
import type { LinkRequest } from './web/request.ts';

const settings = environment({
  TABLE_NAME: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_SECRET_ARN: z.string().min(1),
});

export function handler(event: unknown): Promise<HtmlResponse> {
  return servePage(event, respond, {
    code: 'answer-failed',
    metric: 'AnswersFailed',
    failed: failedPage,
    secretArn: () => settings().ANSWER_SECRET_ARN,
  });
}

async function respond(request: LinkRequest, now: string): Promise<HtmlResponse> {
  const { TABLE_NAME: tableName, ROSTER_BUCKET: rosterBucket, ANSWER_SECRET_ARN: secretArn } = settings();
  return pageOf(await openPage(request, formOf(request), { tableName, rosterBucket, secretArn }, now));
}
