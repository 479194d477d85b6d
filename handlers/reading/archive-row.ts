/** One reading and its judgement as a flat row of the archive: the columns of sql/tables/readings.sql. */
import { archiveTimestamp } from '../time/instant.ts';
import { isLate } from './late.ts';
import type { JudgedReading } from './merge-vitals.ts';
import type { Readable } from './parse-record.ts';
import { measurementIdOf } from './versions.ts';

/** Values as sent; `reading_id` is what queries deduplicate by, since delivery is at least once. */
export function archiveRow({ reading, judgement, unknown }: JudgedReading & Pick<Readable, 'unknown'>) {
  const { limits } = judgement;
  const isOwnId = reading.measurementId !== measurementIdOf(reading.deviceId, reading.measuredAt);
  return {
    reading_id: reading.readingId,
    device_id: reading.deviceId,
    patient_id: reading.patientId,
    both_named: reading.bothNamed,
    ward: reading.ward,
    bed: reading.bed,
    cohort: reading.cohort,
    age_years: reading.ageYears,
    source: reading.source,
    measured_at: archiveTimestamp(reading.measuredAt),
    arrived_at: archiveTimestamp(reading.arrivedAt),
    systolic: reading.systolicMmHg,
    diastolic: reading.diastolicMmHg,
    mean_arterial: reading.meanArterialMmHg,
    pulse: reading.pulseBpm,
    quality: reading.quality,
    severity: judgement.severity,
    reads_as: judgement.readsAs,
    level: judgement.level,
    late: isLate(reading),
    policy: judgement.policy,
    policy_version: judgement.policyVersion,
    emergency_systolic_low: limits.emergencySystolicLow,
    emergency_systolic_high: limits.emergencySystolicHigh,
    critical_systolic_low: limits.criticalSystolicLow,
    critical_systolic_high: limits.criticalSystolicHigh,
    critical_diastolic_high: limits.criticalDiastolicHigh,
    warning_systolic_low: limits.warningSystolicLow,
    warning_systolic_high: limits.warningSystolicHigh,
    warning_diastolic_high: limits.warningDiastolicHigh,
    unknown_device: unknown.device,
    assumed: reading.assumed.length > 0 ? reading.assumed.join(',') : null,
    // Left out where they say nothing: an answer to Firehose has little room.
    ...(isOwnId && { measurement_id: reading.measurementId }),
    ...(reading.replaces && { replaces: true as const }),
  };
}
