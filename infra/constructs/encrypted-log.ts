/** The one way a log is made: under the data key, and for as long as somebody looks for a fault in it. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';

export function encryptedLog(
  scope: Construct,
  { encryption }: { encryption: Encryption },
  id: string,
  logGroupName: string,
): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    // Logs serve the search for a fault, which begins within weeks; the record of what happened is the archive.
    retention: RetentionDays.THREE_MONTHS,
    encryptionKey: encryption.data,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
