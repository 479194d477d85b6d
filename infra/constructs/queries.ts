/** Where the nightly report asks the archive: an Athena workgroup of its own. */
import { Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import type { Foundation } from './foundation.ts';

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
    new CfnWorkGroup(this, 'WorkGroup', {
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
  }

  get workGroupArn(): string {
    return Stack.of(this).formatArn({
      service: 'athena',
      resource: 'workgroup',
      resourceName: this.workGroupName,
    });
  }
}
