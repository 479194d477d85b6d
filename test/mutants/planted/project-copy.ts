/** A copy of the project in a folder of its own, to be broken and tested without harm. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Mutant, project } from './mutant.ts';

/** All of them together take 20 seconds on a quiet machine; what hangs is no proof of anything. */
const longestMs = 300_000;
const leftOut = /^(?:node_modules|cdk\.out|\.vigil|\.git|infra[\\/]screenshots)(?:$|[\\/])/;

/** The first failure of a run, or why there was none. */
export type TestRun = { failure?: { test: string; message: string }; note?: string };

type Report = {
  numTotalTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

export class ProjectCopy {
  readonly directory = mkdtempSync(join(tmpdir(), 'vigil-mutants-'));

  /** Of the project itself, or of another copy with what that one has synthesized. */
  constructor(other?: ProjectCopy) {
    if (other) {
      cpSync(other.directory, this.directory, { recursive: true, verbatimSymlinks: true });
      return;
    }
    cpSync(project, this.directory, {
      recursive: true,
      filter: (path) => !leftOut.test(relative(project, path)),
    });
    symlinkSync(join(project, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** Tests the copy as it is. */
  async test(files: readonly string[], workers: number): Promise<TestRun> {
    const report = join(this.directory, 'report.json');
    rmSync(report, { force: true });
    const args = [
      '--bail',
      '1',
      '--maxWorkers',
      String(workers),
      // What takes long to load, as DuckDB, is loaded once a run; the run without a defect shows that files do not disturb each other.
      '--no-isolate',
      '--reporter',
      'json',
      '--outputFile',
      report,
    ];
    const child = spawn(
      process.execPath,
      [join(project, 'node_modules/vitest/vitest.mjs'), 'run', ...files, '--no-cache', ...args],
      { cwd: this.directory, stdio: ['ignore', 'ignore', 'pipe'], timeout: longestMs },
    );
    const end = () => child.kill();
    process.once('exit', end);
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
    process.removeListener('exit', end);
    if (signal) return { note: `stopped after ${longestMs / 1000} s` };
    try {
      return this.#failureOf(JSON.parse(readFileSync(report, 'utf8')) as Report);
    } catch {
      return { note: `no test ran: ${errors.trim()}` };
    }
  }

  /** A test if one failed, else a file: one that could not be loaded, or that was not begun after another had failed. */
  #failureOf({ testResults }: Report): TestRun {
    for (const { name, assertionResults } of testResults) {
      const failed = assertionResults.find(({ status }) => status === 'failed');
      if (!failed) continue;
      const test = `${relative(this.directory, name)}: ${failed.fullName}`;
      return { failure: { test, message: failed.failureMessages.join('\n') } };
    }
    const file = testResults.find(({ status }) => status === 'failed');
    return file ? { failure: { test: relative(this.directory, file.name), message: file.message } } : {};
  }

  /** Breaks the copy, tests it, and mends it again. */
  async testMutant({ file, edit, tests }: Mutant): Promise<TestRun> {
    const path = join(this.directory, file);
    const whole = readFileSync(path, 'utf8');
    const broken = edit(whole);
    if (broken === whole) return { note: 'changes nothing' };
    writeFileSync(path, broken);
    try {
      return await this.test(tests, 1);
    } finally {
      writeFileSync(path, whole);
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
