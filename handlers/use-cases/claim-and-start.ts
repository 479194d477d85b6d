/** A claim is put on record, then its execution begins: what the claim promises. */
import type { Claim } from '../alert/claim.ts';
import { escalationInput } from '../alert/claim-reading.ts';
import { startEscalation } from '../aws/workflow.ts';
import { errorName, logger, metrics } from '../runtime/logger.ts';
import { claimOnce } from './readable-claim.ts';

/** Where claims are kept, and what carries them. */
export type ClaimsAt = { TABLE_NAME: string; ESCALATION_ARN: string };

/** False when the claim is not certain to be on record. A start that fails is the sweeper's: the claim stands. */
export async function claimAndStart(
  { TABLE_NAME, ESCALATION_ARN }: ClaimsAt,
  promised: Claim,
): Promise<boolean> {
  const { readingId } = promised;
  try {
    const claim = await claimOnce(TABLE_NAME, promised);
    if (claim === 'settled') return true;
    if (claim.status === 'superseded') {
      logger.warn('reading-set-aside', { readingId });
      metrics.addMetric('ReadingsSetAside', 'Count', 1);
    }
    if (claim.status !== 'unfulfilled') return true;
    try {
      await startEscalation(ESCALATION_ARN, claim.executionName, escalationInput(claim));
    } catch (error) {
      logger.error('escalation-not-started', { readingId, error: errorName(error) });
      metrics.addMetric('EscalationNotStarted', 'Count', 1);
    }
    return true;
  } catch (error) {
    logger.error('claim-not-written', { readingId, error: errorName(error) });
    metrics.addMetric('ClaimNotWritten', 'Count', 1);
    return false;
  }
}
