/** The archive can tell each alert's whole life: its events, folded by the rules, give the table's item, field for field. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { AlertEvent } from '../../handlers/alert/event.ts';
import { sealedAlert } from '../../handlers/alert/event-rows.ts';
import { evolve } from '../../handlers/alert/evolve.ts';
import { StoredAlert } from '../../handlers/aws/dynamodb/alert-store.ts';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import type { DynamoDbService } from '../../infra/local/services/dynamodb/service.ts';

/** Each alert's key with its events as the archive has them, each once, in order. */
async function histories(vigil: Vigil): Promise<Map<string, AlertEvent[]>> {
  const files = `${vigil.directory}/s3/${vigil.outputs.ArchiveBucket}/events/*/*.parquet`;
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await connection.runAndReadAll(
    `SELECT DISTINCT alert_key, seq, happened FROM read_parquet('${files}') WHERE happened IS NOT NULL ORDER BY seq`,
  );
  connection.closeSync();
  const events = rows.getRowsJson().map(([key, , happened]) => ({
    key: String(key),
    event: AlertEvent.parse(JSON.parse(String(happened))),
  }));
  const byKey = Map.groupBy(events, ({ key }) => key);
  return new Map([...byKey].map(([key, ofKey]) => [key, ofKey.map(({ event }) => event)]));
}

function items(vigil: Vigil): Alert[] {
  const table = vigil.service<DynamoDbService>('dynamodb').items('vigil-production');
  const alerts = table.map((item) => unmarshall(item)).filter(({ kind }) => kind === 'alert');
  return alerts.map((item) => StoredAlert.parse(item).alert);
}

/** Compares each alert of the table with its events folded; says how many could be compared. */
export async function compareFolds(vigil: Vigil): Promise<number> {
  // Firehose keeps what it gets for a minute, and tries again what it could not put.
  await vigil.clock.run(vigil.clock.now() + 15 * 60_000);
  const archived = await vigil.until(histories(vigil));
  let folds = 0;
  for (const item of items(vigil)) {
    const events = archived.get(item.pk) ?? [];
    const folded = events.reduce<Alert | undefined>(evolve, undefined);
    // What is still going on has events on their way: as far as the archive knows it, it has to agree.
    if (folded?.seq !== item.seq && item.standing.is !== 'closed') continue;
    expect(folded).toEqual(sealedAlert(item));
    folds++;
  }
  process.stdout.write(`${folds} folds compared\n`);
  return folds;
}
