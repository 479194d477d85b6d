/** The archive can tell each alert's whole life: its events, folded by the rules, give the table's item, field for field. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import { type Alert, isOpen } from '../../handlers/alert/alert.ts';
import { AlertEvent } from '../../handlers/alert/event.ts';
import { sealedAlert } from '../../handlers/alert/event-rows.ts';
import { evolve } from '../../handlers/alert/evolve.ts';
import { StoredAlert } from '../../handlers/aws/dynamodb/alert-store.ts';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import type { DynamoDbService } from '../../infra/local/services/dynamodb/service.ts';

/**
 * Each alert's key with its events as the archive has them, in order. The same row may be there several times: both the table's
 * stream and Firehose deliver at least once, and every query counts an event id once. What differs under one number stays.
 */
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

/** Compares each alert of the table, when all have ended, with its events folded, the last one too; says how many there are. */
export async function compareFolds(vigil: Vigil): Promise<number> {
  // Firehose keeps what it gets for a minute, and tries again what it could not put.
  await vigil.clock.run(vigil.clock.now() + 15 * 60_000);
  const archived = await vigil.until(histories(vigil));
  const alerts = items(vigil);
  for (const alert of alerts) {
    expect(isOpen(alert)).toBe(false);
    const events = archived.get(alert.pk) ?? [];
    expect(events.reduce<Alert | undefined>(evolve, undefined)).toEqual(sealedAlert(alert));
  }
  process.stdout.write(`${alerts.length} folds compared\n`);
  return alerts.length;
}
