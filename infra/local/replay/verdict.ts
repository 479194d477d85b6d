/** Whether a replay proved its night, in sentences: none when it did. */
import { waitsTooLong } from '../../../handlers/reporting/verdict.ts';
import type { ReplaySummary } from './summary.ts';

export function problemsOf(summary: ReplaySummary): string[] {
  const { lost, duplicated, notArchived, reportsFailed, subscriptionsSuspended, reconciled, gaps } = summary;
  return [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicated > 0 ? [`${duplicated} raised twice`] : []),
    ...(notArchived > 0 ? [`${notArchived} not in the archive`] : []),
    ...(reportsFailed > 0 ? [`${reportsFailed} nightly reports failed`] : []),
    ...(subscriptionsSuspended > 0 ? [`${subscriptionsSuspended} mail subscriptions suspended`] : []),
    ...waitsTooLong(summary).map(({ of, seconds }) => `${of}: ${seconds} s until a person or an alarm`),
    ...(reconciled ? [] : gaps.length > 0 ? gaps : ['not reconciled']),
  ];
}
