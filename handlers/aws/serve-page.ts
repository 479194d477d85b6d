/** The pages behind links: what they show when something fails inside. */
import type { HtmlResponse } from '../answering/page.ts';
import { errorName, logger, metrics } from './logger.ts';

/** Whatever fails inside, whoever holds the link reads what to do next; the operations are told by the metric's alarm. */
export async function servePage(
  respond: () => Promise<HtmlResponse>,
  failure: { code: string; metric: string; page: () => HtmlResponse },
): Promise<HtmlResponse> {
  let response: HtmlResponse;
  try {
    response = await respond();
  } catch (error) {
    logger.error(failure.code, { error: errorName(error) });
    metrics.addMetric(failure.metric, 'Count', 1);
    response = failure.page();
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return response;
}
