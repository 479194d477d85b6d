/** `npm run mutants:rules`: small defects in the rules, one at a time, each of which a quick test has to notice. */
export default {
  mutate: ['handlers/{alert,clinical,reading,on-call,answering,reporting}/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutants/rules/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // A mutant that loops for ever is noticed by its time: more than a busy machine ever adds.
  timeoutMS: 30_000,
  // Left out is what is made once, as a module loads, six of a hundred mutants: schemas, tables, patterns, minutes in
  // seconds. Each of them would take every test, and so would whatever a test calls before its first case.
  ignoreStatic: true,
  // Not the settings of TypeScript, which Stryker would read by a library that TypeScript 7 does not have.
  ignorePatterns: ['.vigil', 'cdk.out', 'infra/screenshots', 'tsconfig.json'],
  tempDirName: '.vigil/mutants/sandbox',
  incremental: true,
  incrementalFile: '.vigil/mutants/incremental.json',
  reporters: ['progress', 'clear-text', 'json'],
  jsonReporter: { fileName: '.vigil/mutants/report.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  // A text made empty is for people to judge, and a name made empty does not compile.
  mutator: { excludedMutations: ['StringLiteral'] },
};
