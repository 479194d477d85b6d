/** How much reading one record may cost: no few bytes may hold up the shard behind them, or fill the memory. */

/** What is left of it, for all that is unpacked and read of one record. */
export type RecordBudget = { values: number; bytes: number };

/**
 * Values: some five thousand readings, or a minute of a waveform; half a second of work, and a tenth of the consumer's
 * memory. Bytes, unpacked: twice what a record of the stream usually holds.
 */
export function budgetOfRecord(): RecordBudget {
  return { values: 50_000, bytes: 2 * 1024 * 1024 };
}

export class BeyondBudget extends Error {
  override readonly name = 'BeyondBudget';
}

/** For one value more. Throws BeyondBudget. */
export function spendValue(budget: RecordBudget): void {
  if (budget.values <= 0) throw new BeyondBudget('It holds more values than any message.');
  budget.values--;
}
