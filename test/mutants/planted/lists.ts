/** A list of words in the proof or the summary that lacks one of them. */
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { counted, testsOfQuery } from './sql-tests.ts';

export function shortenedLists(): Mutant[] {
  return sources(...counted).flatMap(([file, text]) =>
    Array.from(text.matchAll(/\bIN \(\s*('\w+'(?:,\s+'\w+')+)\s*\)/g)).flatMap(
      ({ 0: found, 1: list, index }) => {
        const words = (list as string).split(/,\s+/);
        return words.map((word, number) => ({
          name: `${file}:${lineAt(text, index)} ${found.replace(/\s+/g, ' ')} without ${word}`,
          file,
          edit: (whole: string) =>
            replaceAt(whole, index, found.length, `IN (${words.toSpliced(number, 1).join(', ')})`),
          tests: testsOfQuery(file),
        }));
      },
    ),
  );
}
