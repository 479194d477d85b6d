/**
 * What CloudWatch would say of an alarm of the template, from the values that a run on the local account has written. It is
 * ALARM when every period of its range breaches, and a period without a value counts as the alarm says
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../infra/build/synthesize.ts';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import type { Payload } from '../../infra/local/engine/service.ts';
import type { LambdaService } from '../../infra/local/services/lambda/service.ts';

type Value = { at: number; value: number };

const { assemblyDirectory } = await synthesize('production');
const template = JSON.parse(readFileSync(join(assemblyDirectory, 'vigil-production.template.json'), 'utf8'));

/** Of Vigil's own metrics, what functions log for CloudWatch; of invocations, that a function logs anything: ours always do. */
function valuesOf(alarm: Payload, logs: LambdaService['logs']): Value[] {
  if (alarm.Namespace === 'Vigil')
    return logs.flatMap(({ at, line }) => {
      const values = line.startsWith('{"_aws"') ? JSON.parse(line)[alarm.MetricName] : undefined;
      return values === undefined ? [] : [values].flat().map((value: number) => ({ at, value }));
    });
  if (alarm.MetricName !== 'Invocations') return [];
  const [{ Value: functionName }] = alarm.Dimensions;
  return logs.filter((log) => log.functionName === functionName).map(({ at }) => ({ at, value: 1 }));
}

/** The state of an alarm by its name without the stage, at the account's time. */
export function alarmState(vigil: Vigil, name: string): 'OK' | 'ALARM' {
  const alarm = (Object.values(template.Resources) as Payload[])
    .map(({ Properties }) => Properties)
    .find((properties) => properties?.AlarmName === `vigil-production-${name}`);
  if (!alarm) throw new Error(`The template has no alarm ${name}`);
  const values = valuesOf(alarm, vigil.service<LambdaService>('lambda').logs);
  const periodMs = alarm.Period * 1000;
  const end = Math.floor(vigil.clock.now() / periodMs) * periodMs;
  const breaches = Array.from({ length: alarm.EvaluationPeriods }, (_, index) => {
    const from = end - (index + 1) * periodMs;
    const within = values.filter(({ at }) => at >= from && at < from + periodMs).map(({ value }) => value);
    if (within.length === 0) return alarm.TreatMissingData === 'breaching';
    const value =
      alarm.Statistic === 'Maximum' ? Math.max(...within) : within.reduce((sum, one) => sum + one, 0);
    return alarm.ComparisonOperator === 'LessThanThreshold'
      ? value < alarm.Threshold
      : value >= alarm.Threshold;
  });
  return breaches.every(Boolean) ? 'ALARM' : 'OK';
}
