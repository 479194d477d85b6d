/** `npm run roster -- unlock`: fills up tries that wrong PINs have used, within the bounds of decisions/0013. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { clinicianKey, newestPagesOfAll, ownLanes } from '../../../handlers/answering/lanes.ts';
import { InputError } from '../../input-error.ts';

/** Every use stands in this item, by its instant. */
const LOG = 'PIN#.unlocks';
/** A month's chance of a guesser is computed with one filling up of the hospital's tries in 31 days. */
const MONTH_MS = 31 * 86_400_000;

export type Unlocking = {
  tableName: string;
  /** ISO 8601 UTC. */
  now: string;
  /** Who asks for it, for the log. */
  by: string;
  client: Pick<DynamoDBDocumentClient, 'send'>;
};

/** A clinician's own tries are whole again, as often as wanted: the hospital's go on counting. */
export async function unlockClinician(clinicianId: string, unlocking: Unlocking): Promise<string> {
  await log(clinicianId, unlocking);
  const lanes = ownLanes(clinicianKey({ id: clinicianId }));
  const found = await Promise.all(lanes.map(({ pk }) => remove(pk, unlocking)));
  return found.includes(true)
    ? `${clinicianId}: all tries restored`
    : `${clinicianId}: no tries had been used (is the ID right?)`;
}

/** The hospital's tries on newest pages are whole again, once in 31 days; throws InputError before that. */
export async function unlockEverybody(unlocking: Unlocking): Promise<string> {
  await log('everybody', unlocking);
  await remove(newestPagesOfAll.pk, unlocking);
  return 'everybody: all tries on newest pages restored';
}

async function log(whom: string, { tableName, now, by, client }: Unlocking): Promise<void> {
  const isEverybody = whom === 'everybody';
  const monthAgo = new Date(Date.parse(now) - MONTH_MS).toISOString();
  try {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: LOG },
        UpdateExpression: `SET #at = :what${isEverybody ? ', everybodyAt = :now' : ''}`,
        ...(isEverybody && {
          ConditionExpression: 'attribute_not_exists(everybodyAt) OR everybodyAt < :monthAgo',
        }),
        ExpressionAttributeNames: { '#at': now },
        ExpressionAttributeValues: {
          ':what': `${whom}, by ${by}`,
          ...(isEverybody && { ':now': now, ':monthAgo': monthAgo }),
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new InputError(
      'everybody: already done within the last 31 days; once more would give a guesser too many tries',
    );
  }
}

/** Whether there was anything. */
async function remove(pk: string, { tableName, client }: Unlocking): Promise<boolean> {
  const { Attributes } = await client.send(
    new DeleteCommand({ TableName: tableName, Key: { pk }, ReturnValues: 'ALL_OLD' }),
  );
  return Attributes !== undefined;
}
