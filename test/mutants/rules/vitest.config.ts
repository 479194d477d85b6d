/** The tests of handlers that are quick enough to be run for each mutant of a rule. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestProject, type TestSpecification } from 'vitest/node';
import project from '../../../vitest.config.ts';

/** Take seconds each, or belong to a command. */
const slow = [
  'test/handlers/alert/explorer.test.ts',
  'test/handlers/answering/{guessing,sequences}.test.ts',
  'test/handlers/on-call/{publish-roster,unlock}.test.ts',
  'test/handlers/reading/{never-silent,two-patients}.test.ts',
  'test/handlers/runtime/pin.test.ts',
];
/** Put something in a module's place, which the others should not meet. */
const mocking = [
  'test/handlers/answer-page-{at-once,doors,pins}.test.ts',
  'test/handlers/{consume,consume-late,transform}-readings.test.ts',
  'test/handlers/simulate-devices.test.ts',
];

/**
 * Vitest 5 has " > " between a suite's name and a test's. Stryker 9 asks for a space, finds no test, and calls the
 * mutant survived: https://github.com/stryker-mutator/stryker-js/issues/6210; Stryker 10, which knows, needs Node 22.
 */
const namesOfTests = {
  name: 'names-of-tests',
  configureVitest({ project }: { project: TestProject }) {
    let pattern: RegExp | undefined;
    Object.defineProperty(project.config, 'testNamePattern', {
      enumerable: true,
      get: () => pattern,
      set: (asked?: RegExp) => {
        pattern = asked && new RegExp(asked.source.replaceAll(' ', '(?: >)? '));
      },
    });
  },
};

/** A rule's own tests, which load little, before those of whole functions: the first failure ends a run. */
class OwnTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const depth = ({ moduleId }: TestSpecification) => moduleId.split('/').length;
    return files.toSorted((a, b) => depth(b) - depth(a));
  }
}

export default defineConfig({
  plugins: [...(project.plugins ?? []), namesOfTests],
  test: {
    globalSetup: './test/temporary-folder.ts',
    // Quick ones, on a machine that may be busy.
    testTimeout: 60_000,
    sequence: { sequencer: OwnTestsFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          // Modules are loaded once a run, which is most of what a run takes.
          isolate: false,
          include: ['test/handlers/**/*.test.ts'],
          exclude: [...slow, ...mocking],
        },
      },
      { extends: true, test: { name: 'alone', include: mocking } },
    ],
  },
});
