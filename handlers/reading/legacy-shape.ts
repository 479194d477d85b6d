/** The first devices' shape: `{ id, systolic, diastolic }`, with neither patient nor time. */
import { z } from 'zod';
import { namedBy } from '../naming/stand-in.ts';
import { deviceIdentifier, notFoundIn, pressure, reasonOf, type Shaped } from './measurement.ts';

const LegacyShape = z.object({ id: deviceIdentifier, systolic: pressure, diastolic: pressure });

/** The device stands for the patient, the arrival for the time of measuring. */
export function parseLegacy(record: Record<string, unknown>): Shaped {
  const parsed = LegacyShape.safeParse(record, { reportInput: true });
  if (!parsed.success) return { unreadable: reasonOf(parsed.error) };
  const { id, systolic, diastolic } = parsed.data;
  const named = namedBy(id, null);
  if (!named) return { refused: 'id: names nobody for certain' };
  return {
    measurement: {
      ...named,
      ward: null,
      bed: null,
      cohort: null,
      ageYears: null,
      measuredAt: null,
      isMidnight: false,
      notFound: notFoundIn(record),
      systolicMmHg: systolic,
      diastolicMmHg: diastolic,
      meanArterialMmHg: null,
      pulseBpm: null,
      quality: 'measured',
      source: 'legacy',
      ignored: [],
    },
  };
}
