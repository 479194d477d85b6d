/** What exists: one stack a stage (decisions/0001), composed of one construct a capability. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { z } from 'zod';
import { defaultTimings } from '../handlers/timings/timings.ts';
import { sumInWords, worstCases } from '../handlers/timings/worst-case.ts';
import { bundleHandlers } from './build/bundle.ts';
import { contextNames, settingsOf } from './config.ts';
import { Buckets } from './constructs/buckets.ts';
import { checkRules } from './constructs/cdk-nag.ts';
import { clinicianTopicArnPrefix } from './constructs/clinician-topics.ts';
import { Encryption } from './constructs/encryption.ts';
import { HttpApi } from './constructs/http-api.ts';
import { Operations } from './constructs/operations.ts';
import { alarmsOf } from './stack/alarms.ts';
import { Alerting } from './stack/alerting.ts';
import { Analytics } from './stack/analytics.ts';
import { Answering } from './stack/answering.ts';
import { Archive } from './stack/archive.ts';
import { ArchiveTables } from './stack/archive-tables.ts';
import { Feeds } from './stack/feeds.ts';
import { Ingest } from './stack/ingest.ts';
import { Notifications } from './stack/notifications.ts';

/**
 * The app of a stage; its `synth()` writes the assembly to `outdir` (the CDK CLI says where by itself, and states settings
 * as context by itself). Throws for an unknown stage or setting, an unbound placeholder, a broken rule or a suppression
 * that nothing needs.
 */
export function buildApp(stageName: string, outdir?: string, stated: Record<string, unknown> = {}): App {
  checkTimings();
  const app = new App({
    ...(outdir && { outdir }),
    analyticsReporting: false,
    treeMetadata: false,
    context: {
      ...stated,
      '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
      // What CloudFormation's own schemas refuse fails here already.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
    },
  });
  const context = contextNames.map((name) => [name, app.node.tryGetContext(name)]);
  const stage = settingsOf(stageName, Object.fromEntries(context));
  const stack = new Stack(app, `vigil-${stage.name}`, {
    description: `Vigil (${stage.name}): critical blood-pressure readings, escalated until a person answers`,
    // The CDK's own classes do not fit its interfaces under exactOptionalPropertyTypes.
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    ...(stage.keepsData && { terminationProtection: true }),
  });
  const bundles = mkdtempSync(join(tmpdir(), 'vigil-bundles-'));
  try {
    bundleHandlers(bundles);
    const encryption = new Encryption(stack, stage);
    const buckets = new Buckets(stack, stage, encryption);
    const operations = new Operations(stack, stage, encryption);
    const foundation = { stage, encryption, buckets, operations, bundles };
    const api = new HttpApi(stack, stage, encryption);
    const alerting = new Alerting(stack, foundation, api);
    const notifications = new Notifications(stack, foundation, alerting);
    const answering = new Answering(stack, foundation, api, alerting);
    const ingest = new Ingest(stack, foundation, alerting);
    new Feeds(stack, foundation, alerting);
    const tables = new ArchiveTables(stack, foundation);
    new Archive(stack, foundation, tables, ingest, alerting);
    const analytics = new Analytics(stack, foundation, tables, api, alerting, answering, notifications);
    for (const alarm of alarmsOf(stage, analytics.nightlyReport.stateMachineArn)) operations.alarm(alarm);
    // What people and commands ask for by name once the stack stands.
    for (const [name, value] of Object.entries({
      StreamName: ingest.stream.streamName,
      TableName: alerting.table.tableName,
      AnswerUrl: api.url,
      ArchiveBucket: buckets.archive.bucketName,
      RosterBucket: buckets.roster.bucketName,
      AnswerSecretArn: answering.secret.ref,
      ClinicianTopics: clinicianTopicArnPrefix(stack),
      ReconcileSubscriptionsFunction: answering.reconcilerName,
      EscalationArn: alerting.escalation.stateMachineArn,
      NightlyReportArn: analytics.nightlyReport.stateMachineArn,
      OperationsTopicArn: operations.topic.topicArn,
      AlarmsTopicArn: operations.alarms.topicArn,
      ...(operations.webhook && { WebhookSecretArn: operations.webhook.ref }),
    }))
      new CfnOutput(stack, name, { value });
  } finally {
    // Already copied into the assembly.
    rmSync(bundles, { recursive: true });
  }
  checkRules(app);
  return app;
}

/** What counts before a roster says otherwise: refused like a roster's own, since each reading of a stage may be timed by it. */
function checkTimings(): void {
  const late = worstCases(defaultTimings).filter(({ seconds, most }) => seconds > most);
  if (late.length > 0) throw new Error(late.map(sumInWords).join('\n'));
}

// Run by the CDK CLI (cdk.json), which gives the context and says where the assembly goes.
if (import.meta.main) {
  const Context = z.object({ stage: z.string().default('demo') });
  buildApp(Context.parse(JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}')).stage).synth();
}
