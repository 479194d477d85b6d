/** What people read of a device's alert: which device, what is wrong with it, what to do. Registered names only, no values. */
import type { TechnicalKind } from '../reading/faults.ts';
import type { Alert } from './alert.ts';
import { faultOf } from './alert-key.ts';

/** What is wrong, after the device's name, and what to do. */
const faultWords: Record<TechnicalKind, string> = {
  unreadable: 'what it sends cannot be read. Check its settings and its connection.',
  errorCode: 'its readings cannot be used: error code. Check the device and the cuff.',
  demoMode: 'its readings cannot be used: demo mode. Set it to measuring.',
  invalid: 'its readings cannot be used: it calls them invalid. Check the device and the cuff.',
  clockOff: 'its clock is wrong, so its readings cannot show that a patient has recovered. Set the clock.',
  silent: 'no reading has come for three times as long as it may take. Check its power and its connection.',
};

export function faultInWords({ pk, place }: Pick<Alert, 'pk' | 'place'>): string {
  const kind = faultOf(pk)?.kind;
  const device = place.device === '' ? 'A device that is not registered' : `Device ${place.device}`;
  const words = kind === undefined ? 'its readings cannot be used.' : faultWords[kind];
  return `Technical alert, not raised for a patient. ${device}: ${words}`;
}

const shortWords: Record<TechnicalKind, string> = {
  unreadable: 'not readable',
  errorCode: 'error code',
  demoMode: 'demo mode',
  invalid: 'invalid readings',
  clockOff: 'wrong clock',
  silent: 'silent',
};

/** The same for a table, by the key of its alert: `bp-17: error code`. */
export function faultInShort(alertKey: string): string {
  const fault = faultOf(alertKey);
  return fault ? `${fault.device}: ${shortWords[fault.kind]}` : alertKey;
}
