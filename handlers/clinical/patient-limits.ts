/** A patient's own limits: a doctor sets them for some hours. */
import type { Limits, Policy } from './policies.ts';
import type { Reading } from './reading.ts';

/** A patient is seen by a doctor once a day at the least, who then sets them anew. */
export const MOST_HOURS = 24;

export type PatientLimits = {
  /** As the consumer knows the patient: never a record number that it would hash. */
  patientId: string;
  /** Those that are named stand in place of the policy's; of two that a pressure passes the worse counts, as ever. */
  limits: { readonly [name in keyof Limits]?: number };
  /** A doctor's id. */
  setBy: string;
  /** ISO 8601 UTC with milliseconds: they judge what arrives from here ... */
  from: string;
  /** ... until before here. */
  until: string;
};

/** The patient's own limits when the reading arrives; of several the ones that were set last. */
export function limitsInForce(
  { patientId, arrivedAt }: Pick<Reading, 'patientId' | 'arrivedAt'>,
  all: readonly PatientLimits[] = [],
): PatientLimits | undefined {
  return all.findLast((own) => own.patientId === patientId && own.from <= arrivedAt && arrivedAt < own.until);
}

/** Named `patient`; its version says since when and by whom, and which policy the limits that were not set are from. */
export function withPatientLimits(policy: Policy, { limits, setBy, from }: PatientLimits): Policy {
  return {
    name: 'patient',
    version: `${from} by ${setBy}, else ${policy.name} ${policy.version}`,
    limits: { ...policy.limits, ...limits },
  };
}
