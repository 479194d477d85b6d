/** Vigil's own wire shape: `{ deviceId, patientId, ward, bed, measuredAt, systolic, diastolic, ... }`. */
import { z } from 'zod';
import { namedBy } from '../naming/stand-in.ts';
import {
  deviceIdentifier,
  identifier,
  instant,
  isSaid,
  notFoundIn,
  patientIdentifier,
  pressure,
  reasonOf,
  type Shaped,
} from './measurement.ts';

/**
 * Time and pressures must be of the right kind, and device or patient be named. Everything else only describes them: what
 * is of the wrong kind is left out and named, since a critical reading must not wait in quarantine for its ward's spelling.
 */
const VigilShape = z.object({
  deviceId: deviceIdentifier,
  patientId: patientIdentifier,
  measuredAt: instant,
  systolic: pressure,
  diastolic: pressure,
  ward: identifier.nullish().catch(null),
  bed: identifier.nullish().catch(null),
  meanArterial: z.number().nullish().catch(null),
  pulse: z.number().nullish().catch(null),
  ageYears: z.number().min(0).nullish().catch(null),
  cohort: z.enum(['adult', 'obstetric', 'child']).nullish().catch(null),
  quality: z.enum(['measured', 'questionable', 'invalid', 'test', 'demo']).nullish().catch(null),
});

const optional = ['ward', 'bed', 'meanArterial', 'pulse', 'ageYears', 'cohort', 'quality'] as const;

export function parseVigil(record: Record<string, unknown>): Shaped {
  const parsed = VigilShape.safeParse(record, { reportInput: true });
  if (!parsed.success) return { unreadable: reasonOf(parsed.error) };
  const said = parsed.data;
  const named = namedBy(said.deviceId, said.patientId);
  if (!named) return { refused: 'deviceId, patientId: neither names anybody for certain' };
  const uncertain = (['deviceId', 'patientId'] as const).filter(
    (name) => said[name] === null && isSaid(record[name]),
  );
  const ignored = optional.filter((name) => (record[name] ?? null) !== null && (said[name] ?? null) === null);
  return {
    measurement: {
      ...named,
      ward: said.ward ?? null,
      bed: said.bed ?? null,
      cohort: said.cohort ?? null,
      ageYears: said.ageYears ?? null,
      measuredAt: said.measuredAt.at,
      isMidnight: said.measuredAt.isMidnight,
      notFound: notFoundIn(record),
      systolicMmHg: said.systolic,
      diastolicMmHg: said.diastolic,
      meanArterialMmHg: said.meanArterial ?? null,
      pulseBpm: said.pulse ?? null,
      // A word for the quality that Vigil does not know is a doubt, not a reason to leave the patient out.
      quality: said.quality ?? (ignored.includes('quality') ? 'questionable' : 'measured'),
      source: 'vigil',
      ignored: [...uncertain, ...ignored],
    },
  };
}
