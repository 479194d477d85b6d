import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** As in a bundle, a query that is imported is its text. */
const sqlAsText = {
  name: 'sql-as-text',
  transform: (text: string, id: string) =>
    id.endsWith('.sql') ? `export default ${JSON.stringify(text)}` : undefined,
};

/** A file that runs for a minute and begins last has the other cores wait for it. The others go by size, largest first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => /one-of-each-kind|test\/end-to-end\//.test(moduleId);
    return [...bySize.filter(isLong), ...bySize.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  plugins: [sqlAsText],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: './test/temporary-folder.ts',
    pool: 'forks',
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
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
