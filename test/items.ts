/** The items of an in-memory table, as unkind as the table may be: who does not ask for a consistent read misses the last write. */

// biome-ignore lint/suspicious/noExplicitAny: stored items have every shape
type Item = any;

export class Items extends Map<string, Item> {
  readonly #before = new Map<string, Item>();

  override set(pk: string, item: Item): this {
    this.#before.set(pk, this.get(pk));
    return super.set(pk, item);
  }

  /** GetItem. */
  read({ Key, ConsistentRead }: { Key: { pk: string }; ConsistentRead?: boolean }): { Item?: Item } {
    const seen = ConsistentRead ? this.get(Key.pk) : this.#before.get(Key.pk);
    return { Item: structuredClone(seen) };
  }
}
