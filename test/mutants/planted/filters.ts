/** A check of the proof, or a figure of the summary, that looks at what it should leave out. */

import { conditionsOf } from '../../../infra/build/sql-code.ts';
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { testsOfQuery } from './sql-tests.ts';

function withoutFilters(query: string): Mutant[] {
  return sources(query).flatMap(([file, text]) =>
    conditionsOf(text).map(({ index, length }) => {
      const condition = text.slice(index, index + length);
      return {
        name: `${file}:${lineAt(text, index)} without ${condition.replace(/\s+/g, ' ')}`,
        file,
        // Still there, so that no parameter goes unused.
        edit: (whole: string) => replaceAt(whole, index, length, `(${condition} OR true)`),
        tests: testsOfQuery(file),
      };
    }),
  );
}

export const droppedFilters = () => withoutFilters('sql/reconciliation.sql');
export const droppedFiltersOfTheSummary = () => withoutFilters('sql/summary.sql');
