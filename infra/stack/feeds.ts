/** The feeds: what notices that readings have stopped, of the whole hospital or of one ward, and that a place is unknown. */
import { Construct } from 'constructs';
import type { Foundation } from '../constructs/foundation.ts';
import { lambdaFunction } from '../constructs/function.ts';
import { allowItems, items } from '../constructs/permissions.ts';
import { schedule } from '../constructs/schedule.ts';
import type { Alerting } from './alerting.ts';

/** Silence of a ward is a matter of many minutes; each look reads one item a ward. */
const watchedEveryMinutes = 5;

export class Feeds extends Construct {
  constructor(scope: Construct, foundation: Foundation, alerting: Alerting) {
    super(scope, 'Feeds');
    this.watchHospital(foundation);
    this.watchWards(foundation, alerting);
    this.watchPlaces(foundation);
  }

  /** A consumer that is not called has no errors and no age: only its absence tells. */
  private watchHospital({ stage, operations }: Foundation): void {
    operations.alarm({
      name: 'consumer-not-invoked',
      runbook: 'feed-silent',
      impact: 'The consumer of readings is not called: no critical reading is judged, and nobody is paged.',
      metricName: 'Invocations',
      of: { entry: 'consume-readings' },
      below: true,
      minutes: stage.silentAfterMinutes,
      missingIsBad: true,
    });
    operations.alarm({
      name: 'readings-silent',
      runbook: 'feed-silent',
      impact: 'No reading of any device arrives or can be read: nobody is paged for any patient.',
      metricName: 'ReadingsReceived',
      below: true,
      minutes: stage.silentAfterMinutes,
      missingIsBad: true,
    });
  }

  /** Wards are data, so a function watches them. */
  private watchWards(foundation: Foundation, { table }: Alerting): void {
    const { encryption, buckets, operations } = foundation;
    const telling = operations.telling();
    const watcher = lambdaFunction(this, foundation, 'watch-feeds', {
      description: 'Looks which wards have not been heard for too long, and tells the operations',
      memoryMiB: 256,
      timeoutSeconds: 55,
      environment: {
        TABLE_NAME: table.tableName,
        ROSTER_BUCKET: buckets.roster.bucketName,
        ...telling.environment,
      },
      may: [
        allowItems(['dynamodb:GetItem'], table.tableArn, [items.feeds]),
        allowItems(['dynamodb:UpdateItem'], table.tableArn, [items.feeds, items.turns]),
        buckets.readingRoster(),
        ...telling.may,
        encryption.dataThrough(['dynamodb', 's3']),
      ],
    });
    schedule(this, foundation, 'WatchFeeds', {
      name: 'watch-feeds',
      description: 'Looks which wards have not been heard for too long',
      expression: `rate(${watchedEveryMinutes} minutes)`,
      target: watcher,
      // The next look is due by then.
      triesForSeconds: watchedEveryMinutes * 60,
    });
    operations.alarm({
      name: 'wards-silent',
      impact:
        'Nothing is heard from the devices of a ward: nobody is paged for its patients. It stays on meanwhile.',
      metricName: 'WardsSilent',
      statistic: 'Maximum',
      // Two values: one may fall into the next five minutes by a few seconds.
      minutes: 2 * watchedEveryMinutes,
      minutesAValue: watchedEveryMinutes,
      // A watcher that does not run, or fails, sees no silence.
      missingIsBad: true,
    });
  }

  private watchPlaces({ operations }: Foundation): void {
    for (const [place, metricName] of [
      ['ward', 'UnknownWard'],
      ['bed', 'UnknownBed'],
    ] as const)
      operations.alarm({
        name: `unknown-${place}`,
        runbook: 'unknown-ward-or-bed',
        impact: `A device states a ${place} that is not in the roster: people may be sent to where the roster has the device.`,
        metricName,
      });
  }
}
