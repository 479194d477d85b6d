/** The run's last line, for whoever reads only that: how many tests passed and failed. */
import type { Reporter, TestModule } from 'vitest/node';

export default class LastLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const failed = count('failed') + broken;
    const skipped = count('skipped') + count('pending');
    process.once('exit', () => {
      console.log(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    });
  }
}
