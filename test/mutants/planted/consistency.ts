/** A read of the table that may miss the last write. */
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { testsOfStore } from './store-tests.ts';

export function inconsistentReads(): Mutant[] {
  return sources('handlers/**/*.ts').flatMap(([file, text]) =>
    Array.from(text.matchAll(/\bConsistentRead: true/g), ({ 0: found, index }) => ({
      name: `${file}:${lineAt(text, index)} reads without consistency`,
      file,
      edit: (whole: string) => replaceAt(whole, index, found.length, 'ConsistentRead: false'),
      tests: testsOfStore(file),
    })),
  );
}
