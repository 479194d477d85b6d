/** Every kind of defect that is planted; each finds its places in the files as they are now. */
import { movedBoundaries } from './boundaries.ts';
import { removedCatches } from './catches.ts';
import { misspelledColumns } from './columns.ts';
import { weakenedWrites } from './conditions.ts';
import { inconsistentReads } from './consistency.ts';
import { droppedFilters } from './filters.ts';
import { shortenedLists } from './lists.ts';
import type { Mutant } from './mutant.ts';
import { unheededFailures } from './partial-batches.ts';
import { renamedPlaceholders } from './placeholders.ts';
import { removedRetries } from './retries.ts';

const kinds = [
  renamedPlaceholders,
  misspelledColumns,
  removedCatches,
  removedRetries,
  weakenedWrites,
  inconsistentReads,
  unheededFailures,
  droppedFilters,
  shortenedLists,
  movedBoundaries,
];

/** By kind; throws for a kind that has no place left, whose proof would be empty. */
export function mutantsByKind(): [Mutant, ...Mutant[]][] {
  return kinds.map((kind) => {
    const [first, ...more] = kind();
    if (!first) throw new Error(`${kind.name} finds nothing to break any more`);
    return [first, ...more];
  });
}
