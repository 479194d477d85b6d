/** The queries by whose figures a night is judged, and the tests of each; any other has those of all. */
const tests: Record<string, string[]> = {
  'sql/reconciliation.sql': [
    'test/sql/reconciliation.test.ts',
    'test/sql/reconciliation-carried-over.test.ts',
    'test/sql/reconciliation-scope.test.ts',
    'test/sql/reconciliation-limits.test.ts',
    'test/sql/page-outcomes.test.ts',
    'test/sql/judgement.test.ts',
    'test/sql/technical.test.ts',
  ],
  'sql/summary.sql': [
    'test/sql/summary.test.ts',
    'test/sql/pages-counted.test.ts',
    'test/sql/versions.test.ts',
    'test/sql/technical.test.ts',
  ],
  'sql/clocks.sql': ['test/sql/clocks.test.ts'],
};

export const counted = Object.keys(tests);

export function testsOfQuery(file: string): string[] {
  return tests[file] ?? ['test/sql/queries.test.ts'];
}
