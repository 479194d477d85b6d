/** Of what kind a fault of a device is, for those who look after it and not after the patient. */
import type { JudgedReading } from './merge-vitals.ts';

export type TechnicalKind = 'unreadable' | 'errorCode' | 'demoMode' | 'invalid';

/** What a reading says of its device beside its values. */
export function faultsOf({ reading, judgement }: JudgedReading): TechnicalKind[] {
  if (reading.quality === 'demo') return ['demoMode'];
  return reading.quality === 'invalid' && judgement.level === null ? ['invalid'] : [];
}
