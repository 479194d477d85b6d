import { defineConfig } from 'vitest/config';

/** As in a bundle, a query that is imported is its text. */
const sqlAsText = {
  name: 'sql-as-text',
  transform: (text: string, id: string) =>
    id.endsWith('.sql') ? `export default ${JSON.stringify(text)}` : undefined,
};

export default defineConfig({
  plugins: [sqlAsText],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/temporary-folder.ts',
    pool: 'forks',
    maxWorkers: '100%',
    // As `npm run replay` has it: a night leaves much behind that is young, and is not to be collected all the time.
    execArgv: ['--max-semi-space-size=64'],
    reporters: ['default', './test/last-line.ts'],
    // Logs of the functions under test; what a test wants of them, it asks for.
    silent: 'passed-only',
    // A night is replayed in seconds; on a busy machine in a minute.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
