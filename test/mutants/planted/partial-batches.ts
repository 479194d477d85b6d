/** An event source mapping that does not heed which records failed. */
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';

export function unheededFailures(): Mutant[] {
  return sources('infra/constructs/stream-consumer.ts').flatMap(([file, text]) =>
    Array.from(
      text.matchAll(/functionResponseTypes: \['ReportBatchItemFailures'\],/g),
      ({ 0: found, index }) => ({
        name: `${file}:${lineAt(text, index)} without ReportBatchItemFailures`,
        file,
        edit: (whole: string) => replaceAt(whole, index, found.length, ''),
        tests: ['test/end-to-end/partial-batches.test.ts'],
      }),
    ),
  );
}
