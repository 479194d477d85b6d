/** The name of a claim's execution: what a person reads in the Step Functions console, and what makes a start idempotent. */

import type { Reading } from '../clinical/reading.ts';
import type { AlarmLevel } from '../clinical/severity.ts';
import { ascii } from '../naming/place.ts';

/**
 * Step Functions allows 80 characters. The longest level has 17, the minute 14, the id 12, and 4 hyphens part them: of the
 * 33 that are left, 7 stay free for the sweeper's `-rNNNNN`: one attempt a minute for 69 days, and a claim expires after 30.
 */
const WARD_CHARACTERS = 14;
const BED_CHARACTERS = 12;
const ID_CHARACTERS = 12;
/** In place of a bed that the roster does not know: what the device calls itself or its bed stands in no name. */
const NO_BED = 'unregistered';

/**
 * `<level>-<ward>-<bed>-<UTC minute that it counts from>-<id>`, e.g. `critical-ward-001-4-20261124T1000Z-3f9a0c21b7de`; what is
 * no patient's or device's says so in place of its level.
 */
export function executionName(
  level: AlarmLevel | 'drill',
  reading: Pick<Reading, 'readingId' | 'ward' | 'bed' | 'measuredAt'>,
): string {
  const minute = `${reading.measuredAt.slice(0, 16).replace(/[-:]/g, '')}Z`;
  const ward = plain(reading.ward, WARD_CHARACTERS);
  const bed = plain(reading.bed ?? NO_BED, BED_CHARACTERS);
  return [level, ward, bed, minute, reading.readingId.slice(0, ID_CHARACTERS)].join('-');
}

/** Names may hold letters of the English alphabet, digits, hyphens and underscores. */
function plain(text: string, characters: number): string {
  const shortened = ascii(text)
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .slice(0, characters)
    .replace(/^-+|-+$/g, '');
  return shortened || 'unnamed';
}
