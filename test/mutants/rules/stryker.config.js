/** `npm run mutants:rules`: small defects in the rules, one at a time, each of which a quick test has to notice. */
export default {
  mutate: ['handlers/{alert,clinical,reading,on-call,answering,reporting}/**/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutants/rules/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // A mutant that loops for ever is noticed by its time: more than a busy machine ever adds.
  timeoutMS: 30_000,
  ignoreStatic: true,
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
