import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { checkRules } from '../../../infra/constructs/cdk-nag.ts';
import type { Suppression } from '../../../infra/constructs/nag-suppressions.ts';

/** An app with one queue, which breaks two rules: it is no dead-letter queue and has none. */
function appWithAQueue(): App {
  const app = new App({
    outdir: mkdtempSync(join(tmpdir(), 'vigil-rules-')),
    analyticsReporting: false,
    treeMetadata: false,
  });
  new Queue(new Stack(app, 'stack'), 'Queue', { enforceSSL: true });
  return app;
}

const explained: Suppression = {
  rule: /^(AwsSolutions-SQS3|Serverless-SQSRedrivePolicy)$/,
  at: /Queue\/Resource$/,
  reason: 'A test of the rules.',
};

test('a finding that nobody explained fails synth', () => {
  const app = appWithAQueue();
  checkRules(app, []);
  expect(() => app.synth()).toThrow(/SQS3|Validation failed/);
});

test('an explained finding does not', () => {
  const app = appWithAQueue();
  checkRules(app, [explained]);
  expect(() => app.synth()).not.toThrow();
});

test('an explanation that nothing needs fails, and is named', () => {
  const unneeded = { ...explained, rule: /^AwsSolutions-S1$/ };
  expect(() => checkRules(appWithAQueue(), [explained, unneeded])).toThrow(
    /nothing needs\n {2}\/\^AwsSolutions-S1\$\//,
  );
});

test('an explanation holds only where it says', () => {
  expect(() => checkRules(appWithAQueue(), [{ ...explained, at: /OtherQueue/ }])).toThrow('nothing needs');
});
