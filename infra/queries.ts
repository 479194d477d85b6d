/** The nightly queries as Athena prepared statements, one for each file of sql/, in a workgroup of their own. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnPreparedStatement, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';

/** Athena's limit for one statement. */
const longestStatementBytes = 262_144;
/**
 * A reading is about 100 bytes of Parquet: a year of 500 patients, measured each 15 minutes, is under 2 GB. Ten times
 * that is a query that forgot its partition.
 */
const mostScannedBytes = 20 * 1024 ** 3;

export class Queries extends Construct {
  readonly workGroupName: string;

  constructor(scope: Construct, { stage, buckets, encryption }: Foundation) {
    super(scope, 'Queries');
    this.workGroupName = `vigil-${stage.name}`;
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: "Vigil's nightly report, and whoever asks the archive",
      recursiveDeleteOption: !stage.keepsData,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: mostScannedBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: `s3://${buckets.archive.bucketName}/athena/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: encryption.data.keyArn },
        },
      },
    });
    const folder = new URL('../sql/', import.meta.url);
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.sql')) continue;
      const statementName = basename(file, '.sql').replaceAll('-', '_');
      const queryStatement = readFileSync(new URL(file, folder), 'utf8');
      if (Buffer.byteLength(queryStatement) > longestStatementBytes)
        throw new Error(
          `sql/${file}: longer than the ${longestStatementBytes} bytes of a prepared statement`,
        );
      new CfnPreparedStatement(this, statementName, {
        statementName,
        workGroup: this.workGroupName,
        queryStatement,
      }).addResourceDependency(workGroup);
    }
  }

  get workGroupArn(): string {
    return Stack.of(this).formatArn({
      service: 'athena',
      resource: 'workgroup',
      resourceName: this.workGroupName,
    });
  }
}
