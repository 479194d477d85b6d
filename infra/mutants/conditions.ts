/** A write to the table that no longer asks whether it still may. */
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';

/** The tests of each store's writes. */
const tests: Record<string, string[]> = {
  'alert-store': ['test/alert/alert-store.test.ts'],
  'attempt-store': ['test/handlers/serve-report.test.ts', 'test/handlers/answer-page.test.ts'],
  'claim-store': ['test/handlers/consume-readings.test.ts'],
  'due-store': ['test/handlers/sweep-overdue.test.ts'],
  'page-store': ['test/handlers/page-clinicians.test.ts'],
  'vitals-store': ['test/handlers/consume-readings.test.ts'],
};

export function unconditionalWrites(): Mutant[] {
  return sources('handlers/**/*.ts').flatMap(([file, text]) =>
    Array.from(
      text.matchAll(/\bConditionExpression:\s*('[^']*'|\w+),?/g),
      ({ 0: found, 1: condition, index }) => {
        const store = file.replace(/^.*\/|\.ts$/g, '');
        if (!tests[store])
          throw new Error(`${file}: infra/mutants/conditions.ts names no test of its writes`);
        return {
          name: `${file}:${lineAt(text, index)} writes without ${condition}`,
          file,
          edit: (whole: string) => replaceAt(whole, index, found.length, ''),
          tests: tests[store],
        };
      },
    ),
  );
}
