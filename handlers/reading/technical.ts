/** Of what kind a fault of a device is, for those who look after it and not after the patient. */
import { trustedSeverity } from '../clinical/judge.ts';
import type { Contact } from './contacts.ts';
import type { DeviceSign, TechnicalKind } from './faults.ts';
import type { Arrival, Refused } from './kinesis-batch.ts';
import { isClockDoubted, isLive } from './late.ts';
import type { JudgedReading } from './merge-vitals.ts';
import { isRedriven } from './redriven.ts';

/** What a reading says of its device beside its values. */
export function faultsOf({ reading, judgement }: JudgedReading): TechnicalKind[] {
  if (reading.quality === 'demo') return ['demoMode'];
  return reading.quality === 'invalid' && judgement.level === null ? ['invalid'] : [];
}

/**
 * What one item of the stream says of its device. A correction is not the device's own, and what is re-driven is none of
 * today: it shows neither a fault nor that the device measures.
 */
export function signOf(item: Arrival | Refused, heard: readonly Contact[]): DeviceSign {
  if ('unreadable' in item) {
    const { shardId, sequenceNumber, arrivedAt } = item.origin;
    const { index, technical, bytes } = item.unreadable;
    return {
      id: `${shardId}/${sequenceNumber}/${index}`,
      at: arrivedAt,
      shows: isRedriven(bytes) ? [] : [technical],
      isGood: false,
    };
  }
  const { reading, judgement } = item;
  const sign = { id: reading.readingId, at: reading.arrivedAt };
  if (!isLive(reading)) return { ...sign, shows: [], isGood: false };
  const isClockOff = isClockDoubted(reading, heard);
  return {
    ...sign,
    shows: [...faultsOf(item), ...(isClockOff ? (['clockOff'] as const) : [])],
    isGood: trustedSeverity(reading, judgement) !== null,
  };
}
