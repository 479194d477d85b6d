/** What a record holds, piece by piece: each message that is in it, and each text that is none. */

import { type Text, textsOf, type Undecoded } from './decode-bytes.ts';
import { deviceIn, factsIn } from './facts.ts';
import { readingsIn } from './find-readings.ts';
import type { IdentityKey } from './identity.ts';
import { sourcesOf, valuesIn } from './json-text.ts';
import { isRecord, type Shaped } from './measurement.ts';
import { BeyondBudget, budgetOfRecord, type RecordBudget } from './record-budget.ts';
import { senMlObjects } from './typed-values.ts';

/** A piece of a record: what was found in it, or why nothing was; `within` counts those of one aggregated record. */
export type Piece = {
  shaped: Shaped;
  isLossy: boolean;
  bytes: () => Uint8Array;
  subsequence: number;
  within: number;
};

export const NO_PRESSURE = 'no pressure: each is absent or negative';

/** In the order in which they stand. Total, and never empty. */
export function piecesOf(bytes: Uint8Array, readWith: { key: IdentityKey; zone: string }): Piece[] {
  const counted = new Map<number, number>();
  const budget = budgetOfRecord();
  return textsOf(bytes, budget).flatMap((decoded) => {
    const { subsequence = 0 } = decoded;
    const before = counted.get(subsequence) ?? 0;
    const pieces = piecesOfText(decoded, readWith, budget);
    counted.set(subsequence, before + pieces.length);
    return pieces.map((piece, index) => ({ ...piece, subsequence, within: before + index }));
  });
}

function piecesOfText(
  decoded: Text | Undecoded,
  readWith: { key: IdentityKey; zone: string },
  budget: RecordBudget,
): Omit<Piece, 'subsequence' | 'within'>[] {
  const whole = () => decoded.bytes;
  if ('reason' in decoded) return [{ shaped: { unreadable: decoded.reason }, isLossy: true, bytes: whole }];
  try {
    return piecesOfValues(decoded, readWith, budget);
  } catch (error) {
    if (!(error instanceof BeyondBudget)) throw error;
    const shaped = { unreadable: 'record: more values than any message holds' };
    return [{ shaped, isLossy: decoded.isLossy, bytes: whole }];
  }
}

/** Throws BeyondBudget. */
function piecesOfValues(
  decoded: Text,
  readWith: { key: IdentityKey; zone: string },
  budget: RecordBudget,
): Omit<Piece, 'subsequence' | 'within'>[] {
  const whole = () => decoded.bytes;
  const { text, isLossy } = decoded;
  const values = valuesIn(text, budget);
  const notJson = { unreadable: isLossy ? 'record: not UTF-8' : 'record: not JSON' };
  if (values.length === 0) return [{ shaped: notJson, isLossy, bytes: whole }];
  const messages = values.flatMap((it) => messagesOf(it));
  return messages.flatMap((message) => {
    const isAlone = messages.length === 1 && !Array.isArray(message.list);
    const bytesOf = (source: string) => () =>
      isAlone && source === message.source ? decoded.bytes : encoded(source);
    if ('notJson' in message) return { shaped: notJson, isLossy, bytes: bytesOf(message.source) };
    const found = readingsIn(message.value, message.source, readWith, budget);
    const nothing = { shaped: nothingIn(message.value, message.list), source: message.source };
    const told = found.length > 0 ? found : [nothing];
    return told.map(({ shaped, source }) => ({ shaped, isLossy, bytes: bytesOf(source) }));
  });
}

type Message = { source: string; list?: readonly unknown[] } & ({ value: unknown } | { notJson: true });

/** One value is one message; a list of them is several. */
function messagesOf(it: ReturnType<typeof valuesIn>[number]): Message[] {
  if ('notJson' in it) return [{ source: it.notJson, notJson: true }];
  const { value, source } = it;
  if (!Array.isArray(value) || value.length === 0) return [{ source, value }];
  const pack = senMlObjects(value);
  if (pack) return pack.map((object) => ({ source, value: object }));
  const sources = sourcesOf(value);
  return value.map((element, index) => ({ source: sources?.[index] ?? source, list: value, value: element }));
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function nothingIn(value: unknown, list: readonly unknown[] | undefined): Shaped {
  if (!list && Array.isArray(value) && value.length === 0) return { unreadable: 'record: an empty list' };
  if (!isRecord(value)) return { unreadable: 'record: not an object' };
  if (value.resourceType !== undefined) return { unreadable: 'resourceType: not Observation' };
  const facts = factsIn(value);
  const { id, ownDevice, ownPatient, ownTime, device, patient } = facts;
  const isMeasurement = [id, ownDevice, ownPatient, ownTime, device, patient].some(
    (fact) => fact !== undefined,
  );
  const deviceId = deviceIn(facts) ?? undefined;
  return isMeasurement ? { refused: NO_PRESSURE, deviceId } : { unreadable: 'record: of no known shape' };
}
