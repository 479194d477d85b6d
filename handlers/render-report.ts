/** The nightly report's last but one step: the queries' results become the report, its summary, and the mail's text. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readResults } from './aws/athena-results.ts';
import { countGivenUp, putText } from './aws/s3/archive-store.ts';
import { loadRoster } from './aws/s3/roster-store.ts';
import type { Roster } from './on-call/roster.ts';
import { checksOf } from './reporting/checks.ts';
import { foldCheck } from './reporting/folds.ts';
import { wellFormed } from './reporting/malformed.ts';
import type { QueryName } from './reporting/queries.ts';
import { reportKey } from './reporting/readers.ts';
import { reportMail } from './reporting/report-mail.ts';
import { reportPage } from './reporting/report-page.ts';
import { devicesHeard, silentWards } from './reporting/silent-wards.ts';
import { summarize } from './reporting/summary.ts';
import { rowsOfQuery, tableOfQuery, tableQueries } from './reporting/tables.ts';
import { environment } from './runtime/environment.ts';
import { errorName, logger } from './runtime/logger.ts';

const settings = environment({
  ARCHIVE_BUCKET: z.string().min(1),
  ROSTER_BUCKET: z.string().min(1),
  ANSWER_URL: z.url(),
});

const id = z.string().min(1);
const RenderInput = z.object({
  window: z.object({ from: id, to: id, firstDt: id, lastDt: id, zone: id }),
  /** The execution of each query, by the query's name. */
  queries: z.object({
    summary: id,
    reconciliation: id,
    histories: id,
    alerts: id,
    answers_by_ward: id,
    attention: id,
    clocks: id,
    suspect: id,
    silence: id,
    abnormal_readings: id,
    devices_heard: id,
    technical: id,
    drills: id,
  } satisfies Record<QueryName, typeof id>),
});

export async function handler(event: unknown) {
  const { ARCHIVE_BUCKET, ROSTER_BUCKET, ANSWER_URL } = settings();
  const { window, queries } = wellFormed(RenderInput, event);
  const checks = [
    ...checksOf(await readResults(queries.reconciliation)),
    foldCheck(await readResults(queries.histories)),
  ];
  const roster = await rosterIfKnown(ROSTER_BUCKET);
  const heard = devicesHeard(await readResults(queries.devices_heard));
  const summary = summarize(await readResults(queries.summary), await readResults(queries.clocks), checks, {
    silentWards: roster ? silentWards(roster, heard, window) : [],
    batchesGivenUp: await countGivenUp(ARCHIVE_BUCKET, window),
  });
  const onStandby = new Set(roster?.devices.filter(({ standby }) => standby).map(({ id }) => id));
  const tables = await Promise.all(
    tableQueries.map(async (query) =>
      tableOfQuery(query, rowsOfQuery(query, await readResults(queries[query])), onStandby),
    ),
  );
  // 128 random bits: who has the link has the mail, and still needs a PIN.
  const reportId = randomBytes(16).toString('hex');
  const summaryKey = `reports/${reportId}.json`;
  await putText(ARCHIVE_BUCKET, summaryKey, JSON.stringify(summary), 'application/json');
  const page = reportPage({ window, summary, checks, tables, rosterZone: roster?.zone });
  await putText(ARCHIVE_BUCKET, reportKey(reportId), page, 'text/html');
  logger.info('report-stored', { reconciled: summary.reconciled, gaps: summary.gaps.length });
  const { reconciled, gaps } = summary;
  const mail = reportMail(window, summary, `${ANSWER_URL}/report/${reportId}`);
  return {
    reconciled,
    summaryKey,
    mail,
    gaps: gaps.join('\n'),
  };
}

/** For the devices on standby and the wards that should be heard: without a roster, none; the proof of the night must not wait for one. */
async function rosterIfKnown(bucket: string): Promise<Roster | undefined> {
  try {
    return await loadRoster(bucket, Date.now());
  } catch (error) {
    logger.error('standby-not-known', { error: errorName(error) });
    return undefined;
  }
}
