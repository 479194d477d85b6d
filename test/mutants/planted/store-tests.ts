/** The tests of what each store asks of the table. */
const tests: Record<string, string[]> = {
  'alert-store': [
    'test/handlers/use-cases/change-alert.test.ts',
    'test/handlers/use-cases/raise-reading.test.ts',
  ],
  'claim-store': ['test/handlers/consume-readings.test.ts', 'test/handlers/use-cases/readable-claim.test.ts'],
  'due-store': ['test/handlers/sweep-overdue.test.ts'],
  'feed-store': ['test/handlers/consume-readings.test.ts', 'test/handlers/watch-feeds.test.ts'],
  'lockout-store': ['test/handlers/answering/lockout.test.ts'],
  item: ['test/handlers/use-cases/change-alert.test.ts'],
  'page-store': ['test/handlers/aws/dynamodb/page-store.test.ts'],
  'turn-store': ['test/handlers/mail/turns.test.ts'],
  'versioned-item': [
    'test/handlers/consume-readings.test.ts',
    'test/handlers/aws/dynamodb/versioned-item.test.ts',
  ],
};

/** Throws for a store of which no test is known. */
export function testsOfStore(file: string): string[] {
  const found = tests[file.replace(/^.*\/|\.ts$/g, '')];
  if (!found) throw new Error(`${file}: test/mutants/planted/store-tests.ts names no test of this store`);
  return found;
}
