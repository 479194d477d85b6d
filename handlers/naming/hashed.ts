/** Ids that stand in no log and no archive: their hashes tell them apart. */
import { createHash } from 'node:crypto';

/** A page's id has 128 random bits, which nobody finds by trying: its hash needs no key. */
export function hashed(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}

/** A table's key as logs and messages have it: a page's id is its link's secret, and anything may stand in a device's. */
export function loggableKey(pk: string): string {
  return pk.replace(/^(PAGE|CONTACTS)#(.*)$/s, (_key, kind, id) => `${kind}#${hashed(id)}`);
}
