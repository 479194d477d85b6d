/** Notations that say beside each value what it is, as the plain values that they stand for. */
import { Repeated } from './json-text.ts';
import { isRecord } from './measurement.ts';

/** The types of DynamoDB under which a reading's values may stand: `{ "S": "bp-1" }`, `{ "N": "205" }`. */
const DYNAMODB_TYPES = new Set(['S', 'N', 'M', 'L', 'BOOL']);

/** The value in the notation of DynamoDB's API; any other as it is. */
export function untyped(value: unknown): unknown {
  if (!isRecord(value) || value instanceof Repeated) return value;
  const [type, ...more] = Object.keys(value);
  if (type === undefined || more.length > 0) return value;
  if (type === 'NULL') return null;
  return DYNAMODB_TYPES.has(type) ? value[type] : value;
}

/**
 * The records of a pack of SenML (https://www.rfc-editor.org/rfc/rfc8428) as one object for each sender and time; undefined
 * when the list is none.
 */
export function senMlObjects(list: readonly unknown[]): Record<string, unknown>[] | undefined {
  const records = list.filter(isRecord);
  const isPack =
    records.length === list.length &&
    records.every(({ n, v, vs }) => n !== undefined && (v ?? vs) !== undefined);
  if (!isPack || !records.some(({ bn, bt, bu }) => (bn ?? bt ?? bu) !== undefined)) return undefined;
  const objects = new Map<string, Record<string, unknown>>();
  let base: Record<string, unknown> = {};
  for (const record of records) {
    base = { ...base, ...record };
    const { bn, bt, bu } = base;
    const { n, v, vs, u = bu, t = 0 } = record;
    const time = Number(bt ?? 0) + Number(t);
    const key = JSON.stringify([String(bn), time]);
    const object = objects.get(key) ?? {
      ...(bn !== undefined && { deviceId: bn }),
      ...(time > 0 && { time }),
    };
    objects.set(key, { ...object, [String(n)]: { value: v ?? vs, unit: u } });
  }
  return [...objects.values()];
}
