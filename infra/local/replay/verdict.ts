/** Whether a replay proved its night, in sentences: none when it did. */
import type { ReplaySummary } from './replay.ts';

/** decisions/0022: from a reading's arrival to a person or an alarm, at most 15 minutes. */
const longestSeconds = 900;

export function problemsOf(summary: ReplaySummary): string[] {
  const { lost, duplicated, notArchived, reportsFailed, reconciled } = summary;
  const gaps = summary.gaps as string[];
  const longest = (summary.secondsToPersonOrAlarm as { max: number | null }).max ?? 0;
  return [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicated > 0 ? [`${duplicated} raised twice`] : []),
    ...(notArchived > 0 ? [`${notArchived} not in the archive`] : []),
    ...(reportsFailed > 0 ? [`${reportsFailed} nightly reports failed`] : []),
    ...(longest > longestSeconds ? [`${longest} s until a person or an alarm`] : []),
    ...(reconciled ? [] : gaps.length > 0 ? gaps : ['not reconciled']),
  ];
}
