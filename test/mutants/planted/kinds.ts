/** Every kind of defect that is planted; each finds its places in the files as they are now. */
import { movedBoundaries } from './boundaries.ts';
import { misspelledColumns } from './columns.ts';
import { weakenedWrites } from './conditions.ts';
import { inconsistentReads } from './consistency.ts';
import { droppedFilters, droppedFiltersOfDevices, droppedFiltersOfTheSummary } from './filters.ts';
import { shortenedLists } from './lists.ts';
import type { Mutant } from './mutant.ts';
import { unheededFailures } from './partial-batches.ts';
import { renamedPlaceholders } from './placeholders.ts';
import { removedCatches, removedRetries } from './recoveries.ts';

const kinds = [
  renamedPlaceholders,
  misspelledColumns,
  removedCatches,
  removedRetries,
  weakenedWrites,
  inconsistentReads,
  unheededFailures,
  droppedFilters,
  droppedFiltersOfDevices,
];
/** Some hundred and forty more: every limit and list of the proof and the summary, and the summary's filters. */
const fineKinds = [droppedFiltersOfTheSummary, shortenedLists, movedBoundaries];

/** By kind; throws for a kind that has no place left, whose proof would be empty. */
export function mutantsByKind(fine: boolean): [Mutant, ...Mutant[]][] {
  return [...kinds, ...(fine ? fineKinds : [])].map((kind) => {
    const [first, ...more] = kind();
    if (!first) throw new Error(`${kind.name} finds nothing to break any more`);
    return [first, ...more];
  });
}
