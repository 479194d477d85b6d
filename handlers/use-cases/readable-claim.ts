/** The claim of a reading for whoever raises: one that no longer parses must not keep its reading from being raised. */
import { Claim } from '../alert/claim.ts';
import { claimKey } from '../alert/claim-reading.ts';
import { mendedClaim } from '../alert/mend-claim.ts';
import { putClaim, putInPlaceOf } from '../aws/dynamodb/claim-store.ts';
import { getItem, parseItem, parseOrForget } from '../aws/dynamodb/item.ts';
import { logger } from '../runtime/logger.ts';

/** The claim on record after this: the given one, or the one that an earlier delivery put. Throws when neither is certain. */
export async function claimOnce(tableName: string, claim: Claim): Promise<Claim | 'settled'> {
  if (await putClaim(tableName, claim)) return claim;
  const first = await readableClaim(tableName, claim.readingId, claim.claimedAt, claim);
  if (!first) throw new Error(`The claim ${claim.pk} was there and is gone`);
  return first;
}

/**
 * The claim of a reading, read consistently; undefined when there is none. One that does not parse is put in order first, and
 * keeps what it was (`known`: what its reading says); `settled` when there is nothing left to do for it. Throws when another has
 * written it since, or when in order it would not parse either.
 */
export async function readableClaim(
  tableName: string,
  readingId: string,
  at: string,
  known?: Claim,
): Promise<Claim | 'settled' | undefined> {
  const item = await getItem(tableName, claimKey(readingId));
  const claim = parseOrForget(Claim, item);
  if (!item || claim) return claim;
  const mended = mendedClaim(item, at, known);
  if (mended === 'settled') return mended;
  parseItem(Claim, mended);
  await putInPlaceOf(tableName, mended, item);
  logger.error('claim-mended', { readingId });
  return mended;
}
