/** A column misspelled, once in each query and in each table. */

import { codeOf } from '../../../infra/build/sql-code.ts';
import { type Mutant, replaceAt, sources } from './mutant.ts';

const columnLine = /^ {2}`?(\w+)`? (?:string|double|int|bigint|boolean|timestamp|array|struct)/gim;

export function misspelledColumns(): Mutant[] {
  const tables = sources('sql/tables/*.sql');
  const columns = [
    ...new Set(tables.flatMap(([, text]) => Array.from(text.matchAll(columnLine), ([, name]) => name))),
  ];
  const anyColumn = new RegExp(`\\b(${columns.join('|')})\\b`);
  return [...sources('sql/*.sql'), ...tables].map(([file, text]) => {
    const found = anyColumn.exec(codeOf(text));
    if (!found) throw new Error(`${file}: has no column`);
    const [column] = found;
    return {
      name: `${file}: column ${column} misspelled`,
      file,
      edit: (whole) => replaceAt(whole, found.index, column.length, `${column}x`),
      tests: ['test/sql/queries.test.ts'],
    };
  });
}
