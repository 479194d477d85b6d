/** What of a stage follows from its name, so that a command can be told that alone. */
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { settingsOf } from '../config.ts';
import { deployedSetting } from './roster/deployed-zone.ts';

/** Throws InputError for a stage that there is not. */
export function tableOfStage(stage: string): string {
  return `vigil-${settingsOf(stage).name}`;
}

/** Likewise, and what Lambda throws: the bucket's name is made by CloudFormation, and known to the stage's functions. */
export async function resourcesOfStage(
  stage: string,
  lambda: Pick<LambdaClient, 'send'>,
): Promise<{ table: string; stream: string; bucket: string }> {
  const table = tableOfStage(stage);
  const bucket = await deployedSetting(`${table}-consume-readings`, 'ROSTER_BUCKET', lambda);
  return { table, stream: settingsOf(stage).streamName, bucket };
}
