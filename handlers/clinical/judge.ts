/** Who decides that a reading is critical: this. One reading and one policy in, one judgement out. */

import type { Limits, Policy } from './policies.ts';
import type { Reading } from './reading.ts';
import { type ClinicalLevel, isWorse, type Severity, severities } from './severity.ts';
import { type Pressures, suspectBecause } from './suspect.ts';

/** Surviving Sepsis Campaign 2021: a mean arterial pressure of 65 mmHg is what shock is treated up to. */
const CRITICAL_MEAN_BELOW_MMHG = 65;

export type Judgement = {
  /** `suspect`: the values are not to be trusted, whatever they read as. */
  severity: Severity | 'suspect';
  /**
   * The severity of the values that are present and above zero. A zero counts as critical, and so does a low mean that
   * comes alone.
   */
  readsAs: Severity;
  /** How loudly it calls; null: it does not alarm. */
  level: ClinicalLevel | null;
  suspectBecause?: string;
  policy: string;
  policyVersion: string;
  limits: Limits;
};

/** Total: every reading has a judgement. Values are compared as sent, unrounded. */
export function judge(reading: Pressures, policy: Policy): Judgement {
  const because = suspectBecause(reading);
  const readsAs = severityOf(reading, policy.limits);
  const judgement: Judgement = {
    severity: because === null ? readsAs : 'suspect',
    readsAs,
    level: isOfNobody(reading) ? null : levelOf(readsAs, because !== null),
    policy: policy.name,
    policyVersion: policy.version,
    limits: policy.limits,
  };
  if (because !== null) judgement.suspectBecause = because;
  return judgement;
}

/** True when it alarms louder, or, where neither alarms, reads as worse. */
export function isWorseJudged(one: Judgement, than: Judgement): boolean {
  if (one.level !== null && than.level !== null) return isWorse(one.level, than.level);
  if (one.level !== null || than.level !== null) return one.level !== null;
  return severities.indexOf(one.readsAs) > severities.indexOf(than.readsAs);
}

/** The severity of a trusted measurement of the patient, which recheck, recovery and lateness go by; null for any other. */
export function trustedSeverity(reading: Pick<Reading, 'quality'>, judgement: Judgement): Severity | null {
  return judgement.severity === 'suspect' || isOfNobody(reading) ? null : judgement.severity;
}

/** How loudly a test or demonstration would call if it were a patient's measurement; null: not at all. */
export function levelIfReal({ severity, readsAs }: Judgement): ClinicalLevel | null {
  return levelOf(readsAs, severity === 'suspect');
}

/** Test, demo and withdrawn measurements are no patient's: archived, never alarming, never a sign of recovery. */
export function isOfNobody({ quality }: Pick<Reading, 'quality'>): boolean {
  return quality === 'test' || quality === 'demo' || quality === 'withdrawn';
}

function levelOf(readsAs: Severity, suspect: boolean): ClinicalLevel | null {
  if (readsAs !== 'critical' && readsAs !== 'emergency') return null;
  return suspect ? `suspect-${readsAs}` : readsAs;
}

function severityOf(reading: Pressures, limits: Limits): Severity {
  const { systolicMmHg, diastolicMmHg } = reading;
  const systolic = systolicMmHg !== null && systolicMmHg > 0 ? systolicMmHg : null;
  const diastolic = diastolicMmHg !== null && diastolicMmHg > 0 ? diastolicMmHg : null;
  if (below(systolic, limits.emergencySystolicLow) || atLeast(systolic, limits.emergencySystolicHigh)) {
    return 'emergency';
  }
  if (
    systolicMmHg === 0 ||
    diastolicMmHg === 0 ||
    isShockByMeanAlone(reading) ||
    below(systolic, limits.criticalSystolicLow) ||
    atLeast(systolic, limits.criticalSystolicHigh) ||
    atLeast(diastolic, limits.criticalDiastolicHigh)
  ) {
    return 'critical';
  }
  if (
    below(systolic, limits.warningSystolicLow) ||
    atLeast(systolic, limits.warningSystolicHigh) ||
    atLeast(diastolic, limits.warningDiastolicHigh)
  ) {
    return 'warning';
  }
  return 'normal';
}

/** Only where neither pressure is there, or an error code stands in its place: else those are judged. */
function isShockByMeanAlone({ systolicMmHg, diastolicMmHg, meanArterialMmHg }: Pressures): boolean {
  const isAlone = (systolicMmHg ?? -1) < 0 && (diastolicMmHg ?? -1) < 0;
  return isAlone && below(meanArterialMmHg, CRITICAL_MEAN_BELOW_MMHG);
}

function below(value: number | null, limit: number | null): boolean {
  return value !== null && limit !== null && value < limit;
}

function atLeast(value: number | null, limit: number | null): boolean {
  return value !== null && limit !== null && value >= limit;
}
