import { expect, test } from 'vitest';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import { faultKinds, kindsOfCalls } from '../../infra/local/engine/fault-kinds.ts';
import type { Operation, Payload } from '../../infra/local/engine/service.ts';
import { readRecordedReadings } from '../../infra/local/replay/recorded-readings.ts';
import { type ReplayOptions, replay } from '../../infra/local/replay/replay.ts';
import { problemsOf } from '../../infra/local/replay/verdict.ts';
import { compareFolds } from './folds.ts';

const sample = readRecordedReadings('test/data/physionet2012_sample60.csv');
const until = (minute: number) => sample.filter((reading) => reading.minute < minute);
const night = (options: Partial<ReplayOptions>, inspect?: (vigil: Vigil) => Promise<void>) =>
  replay(
    { readings: until(900), policy: 'adult', seed: 1, startAt: '2026-03-02T00:00:00.000Z', ...options },
    inspect,
  );

const injected = new Set<string>();
/** The writes of each function that writes often enough to meet all in three nights. */
const writes = [
  ...['answer-page dynamodb:PutItem', 'answer-page dynamodb:UpdateItem', 'answer-page sfn:SendTaskSuccess'],
  'archive-events firehose:PutRecordBatch',
  ...['consume-readings dynamodb:PutItem', 'consume-readings sfn:StartExecution'],
  'move-alert dynamodb:PutItem',
  'open-alert dynamodb:TransactWriteItems',
  ...[
    'page-clinicians dynamodb:PutItem',
    'page-clinicians dynamodb:UpdateItem',
    'page-clinicians sns:Publish',
  ],
  'reconcile-subscriptions sns:CreateTopic',
  ...['sweep-overdue dynamodb:PutItem', 'sweep-overdue sfn:StartExecution', 'sweep-overdue sns:Publish'],
];

test.each([1, 2, 3])(
  'fault seed %i: nothing is lost, nothing is raised twice, every report comes, the night is proved, and its events fold to the table',
  async (faultSeed) => {
    const { summary } = await night({ faultSeed }, async (vigil) => {
      for (const meeting of vigil.faults.met()) injected.add(meeting.replace('vigil-production-', ''));
      expect(await compareFolds(vigil)).toBeGreaterThanOrEqual(20);
    });
    expect(problemsOf(summary)).toEqual([]);
    expect(summary).toMatchObject({ archived: until(900).length, openAtEnd: 0 });
    for (const [kind, calls] of Object.entries(summary.faults ?? {}))
      if (Object.keys(calls).length > 0) injected.add(kind);
  },
);

test('between them the seeds injected every kind of fault, and each kind of a call into every write', () => {
  expect(faultKinds.filter((kind) => !injected.has(kind))).toEqual([]);
  const meetings = kindsOfCalls.flatMap((kind) => writes.map((write) => `${kind} ${write}`));
  expect(meetings.filter((meeting) => !injected.has(meeting))).toEqual([]);
});

/** What the consumer puts as a claim goes through this. */
const changingClaims = (change: (claim: Payload) => Payload | undefined) => (vigil: Vigil) => {
  const put = vigil.service('dynamodb').operations.PutItem as Operation;
  const { run } = put;
  put.run = (input, caller) => {
    if (input.Item.kind?.S !== 'claim') return run(input, caller);
    const Item = change(input.Item);
    return Item ? run({ ...input, Item }, caller) : {};
  };
};
const notKept = changingClaims(() => undefined);
const neverDue = changingClaims((claim) => ({ ...claim, dueAt: { S: '9999-12-31T23:59:59.999Z' } }));

/** Nothing can be started for ten minutes, a while after the beginning. */
const outage = (vigil: Vigil) =>
  void vigil.clock.after(60 * 60_000, () => vigil.clock.after(10 * 60_000, vigil.faults.outage('sfn')));

test('a consumer that does not keep its claims turns them red', async () => {
  const { summary } = await night({ readings: until(300), faultSeed: 1, prepare: notKept });
  expect(summary.lost).toBeGreaterThan(0);
  expect(summary.reconciled).toBe(false);
});

test('what arrives while Step Functions is down is raised when it is back', async () => {
  const { summary } = await night({ readings: until(300), faultSeed: 1, prepare: outage });
  expect(summary).toMatchObject({ lost: 0, duplicated: 0, reconciled: true });
});

test('claims that nobody is due to look at are enough on a quiet night, and turn it red when Step Functions was down', async () => {
  const quiet = await night({ readings: until(300), prepare: neverDue });
  expect(quiet.summary).toMatchObject({ lost: 0, duplicated: 0, reconciled: true });
  const prepare = (vigil: Vigil) => {
    neverDue(vigil);
    outage(vigil);
  };
  const { summary } = await night({ readings: until(300), prepare });
  expect(summary.lost).toBeGreaterThan(0);
  expect(summary.reconciled).toBe(false);
});
