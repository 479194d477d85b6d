/** The run's last lines, for whoever reads only those: the mutants and seeds that tests name, and how many tests passed and failed. */
import type { Reporter, TestModule } from 'vitest/node';

export default class LastLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const states = tests.map((test) => test.result().state);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const failed = count('failed') + broken;
    const skipped = count('skipped') + count('pending');
    const seeds = tests.flatMap(({ fullName }) =>
      [...fullName.matchAll(/seed (\d+)/g)].map(([, seed]) => seed),
    );
    const mutants = tests.filter(({ fullName }) => fullName.startsWith('mutant ')).length;
    process.once('exit', () => {
      console.log(
        `${tests.length} cases in ${modules.length} files, ${mutants} mutants, seeds ${[...new Set(seeds)].join(', ') || 'none'}`,
      );
      console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    });
  }
}
