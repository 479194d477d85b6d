/** What stands before and behind the pages of links: how often a source may ask, what is shown when something fails, the log. */
import { busyPage } from '../answering/busy-page.ts';
import { Sources, sourceHash, sourceOf } from '../answering/sources.ts';
import { loadAnswerKeys } from '../aws/secrets.ts';
import { errorName, logger, metrics, publishMetrics } from '../runtime/logger.ts';
import type { HtmlResponse } from '../web/page.ts';
import { LinkRequest } from '../web/request.ts';

type Served = {
  /** What a failure inside is logged as, counted as, and shown as. */
  code: string;
  metric: string;
  failed: () => HtmlResponse;
  secretArn: () => string;
};

const sources = new Sources();

/**
 * A source that asks too often is refused before anything else is done for it. Whatever fails inside, whoever holds the link
 * reads what to do next; the operations are told by the metric's alarm.
 */
export async function servePage(
  event: unknown,
  respond: (request: LinkRequest, now: string) => Promise<HtmlResponse>,
  served: Served,
): Promise<HtmlResponse> {
  const now = new Date().toISOString();
  const { data: request, error } = LinkRequest.safeParse(event);
  const from = request?.sourceIp === undefined ? undefined : sourceOf(request.sourceIp);
  const refused = from !== undefined && !sources.admits(from, Date.parse(now));
  if (refused) metrics.addMetric('RequestsRefused', 'Count', 1);
  const response = refused
    ? busyPage()
    : await responded(() => (request ? respond(request, now) : Promise.reject(error)), served);
  const source = from !== undefined && (await hashOf(from, served.secretArn, now));
  // The API's own log has the route, and the address nowhere: by the request's id the two are one.
  logger.info('page-served', {
    ...(request?.requestId && { requestId: request.requestId }),
    status: response.statusCode,
    ...(source && { source }),
  });
  publishMetrics();
  return request?.method === 'HEAD' ? { ...response, body: '' } : response;
}

async function responded(respond: () => Promise<HtmlResponse>, served: Served): Promise<HtmlResponse> {
  try {
    return await respond();
  } catch (error) {
    logger.error(served.code, { error: errorName(error) });
    metrics.addMetric(served.metric, 'Count', 1);
    return served.failed();
  }
}

/** Undefined when the key cannot be had: a line without a source is no reason to keep a page back. */
async function hashOf(source: string, secretArn: () => string, now: string): Promise<string | undefined> {
  try {
    const { sourceKey } = await loadAnswerKeys(secretArn(), Date.parse(now));
    return sourceHash(sourceKey, source, now);
  } catch {
    return undefined;
  }
}
