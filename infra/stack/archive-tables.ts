/** The archive's tables in Glue, made from the DDL in sql/tables, which is their single source. */
import { readdirSync, readFileSync } from 'node:fs';
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { parseTable } from '../constructs/table-definition.ts';

export class ArchiveTables extends Construct {
  readonly databaseName: string;
  private readonly database: CfnDatabase;
  private readonly tables = new Map<string, CfnTable>();

  constructor(scope: Construct, { stage, buckets }: Foundation) {
    super(scope, 'ArchiveTables');
    // Glue and Athena take letters, digits and underscores.
    this.databaseName = `vigil_${stage.name}`;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.databaseName },
    });
    const folder = new URL('../../sql/tables/', import.meta.url);
    for (const file of readdirSync(folder).sort()) {
      const definition = parseTable(readFileSync(new URL(file, folder), 'utf8'));
      const table = new CfnTable(this, definition.name, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: this.databaseName,
        tableInput: definition.tableInput(buckets.archive.bucketName),
      });
      table.addResourceDependency(this.database);
      this.tables.set(definition.name, table);
    }
  }

  table(name: string): CfnTable {
    const table = this.tables.get(name);
    if (!table) throw new Error(`sql/tables defines no table ${name}`);
    return table;
  }

  /** What reading these tables' definitions needs: catalogue, database and each table. */
  arnsFor(...names: string[]): string[] {
    const arn = (resource: string) => Stack.of(this).formatArn({ service: 'glue', resource });
    return [
      arn('catalog'),
      arn(`database/${this.databaseName}`),
      ...names.map((name) => arn(`table/${this.databaseName}/${name}`)),
    ];
  }

  get names(): string[] {
    return [...this.tables.keys()];
  }
}
