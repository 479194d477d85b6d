/** The claim of a drill: a test reading, taken for what it would be if it were a patient's, under keys of its own. */
import type { ClinicalLevel } from '../clinical/severity.ts';
import { hashed } from '../naming/hashed.ts';
import { executionName } from '../reading/execution-name.ts';
import { drillKeyOf } from './alert-key.ts';
import type { Claim } from './claim.ts';
import { type Claimable, claimKey, claimReading } from './claim-reading.ts';

/**
 * A reading's id does not say whether it is a test, so the drill's is made from it: the same values, measured of a patient, are
 * claimed all the same. `now` is ISO 8601 UTC.
 */
export function claimDrill(judged: Claimable, level: ClinicalLevel, now: string): Claim {
  const readingId = hashed(`drill ${judged.reading.readingId}`);
  const claim = claimReading(judged, level, 'inTime', now);
  return {
    ...claim,
    pk: claimKey(readingId),
    readingId,
    measurementId: readingId,
    alertKey: drillKeyOf(judged.reading.patientId),
    patientId: null,
    executionName: executionName('drill', { ...claim.place, readingId, measuredAt: claim.measuredAt }),
  };
}
