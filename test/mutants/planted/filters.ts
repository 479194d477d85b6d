/** A check of the proof, a figure of the summary, or a table of devices, that looks at what it should leave out. */

import { conditionsOf } from '../../../infra/build/sql-code.ts';
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { testsOfQuery } from './sql-tests.ts';

function withoutFilters(...queries: string[]): Mutant[] {
  return sources(...queries).flatMap(([file, text]) =>
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
/** Of what came from a device, since what corrects or withdraws a reading does not. */
export const droppedFiltersOfDevices = () =>
  withoutFilters('sql/devices-heard.sql', 'sql/silence.sql').filter(({ name }) =>
    /replaces|quality/.test(name),
  );
