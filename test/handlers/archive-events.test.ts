import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../handlers/archive-events.ts';
import { logger, metrics } from '../../handlers/runtime/logger.ts';
import { firehose } from '../../infra/local/services/firehose/service.ts';
import { addDeliveryStream } from '../infra/local/services/firehose/delivery-stream.ts';
import { silence } from '../local-aws.ts';
import { AlertingAws } from './alert/alerting-aws.ts';
import {
  aClaim,
  aFulfilledClaim,
  aPagedAlert,
  aSupersededClaim,
  START,
  stored,
  whenRaised,
} from './alert/builders.ts';
import { restore, settle } from './alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  settle(aws, START);
  aws.account.add(firehose);
  addDeliveryStream(aws.account, { name: 'vigil-events', bucket: 'archive' });
});
afterEach(restore);

const image = (item: object) => marshall(item, { removeUndefinedValues: true });

/** The rows that Firehose was given, and took. */
const archived = () =>
  aws.done.flatMap(({ input }) =>
    input.Records.map(({ Data }: { Data: Uint8Array }) => JSON.parse(Buffer.from(Data).toString())),
  );

const change = (SequenceNumber: string, before: object | undefined, after: object | undefined) => ({
  eventName: before ? 'MODIFY' : 'INSERT',
  dynamodb: {
    SequenceNumber,
    ...(before && { OldImage: image(before) }),
    ...(after && { NewImage: image(after) }),
  },
});

/** The item of an alert that a reading has just opened: nothing waits for it yet. */
const opened = (number: number, token: string | null = null) =>
  stored(whenRaised(undefined, aClaim({ alertKey: `PATIENT#p-${number}` }), START, 'exec-1'), token);

test('each write’s event becomes a row, and nothing else does', async () => {
  const result = await handler({
    Records: [
      change('1', undefined, aClaim()),
      change('2', undefined, opened(1)),
      change('3', opened(1), opened(1, 't')),
      change('4', undefined, { pk: 'PAGE#x', kind: 'page', wrongPins: 0 }),
      change('5', aClaim(), undefined),
      change('6', aClaim(), aFulfilledClaim('3f9a0c21b7de4455')),
    ],
  });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(archived()).toMatchObject([{ event_id: 'PATIENT#p-1#1#0', type: 'raised', seq: 1 }]);
});

test('rows that Firehose does not take are offered again, three times, and then their record comes again', async () => {
  let offered = 0;
  aws.before = (call) => {
    offered += call.startsWith('PutRecordBatch') ? 1 : 0;
    return offered < 3 ? silence() : undefined;
  };
  const Records = [change('1', undefined, opened(1)), change('2', undefined, opened(2))];
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(archived()).toHaveLength(2);
  aws.before = () => silence();
  expect(await handler({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }],
  });
});

test('only the rows that were refused are offered again', async () => {
  const answer = aws.answer.bind(aws);
  let first = true;
  aws.answer = async (command, send) => {
    const result = await answer(command, send);
    if (first) result.RequestResponses[1] = { ErrorCode: 'ServiceUnavailableException' };
    first = false;
    return result;
  };
  const Records = [1, 2, 3].map((number) => change(String(number), undefined, opened(number)));
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(archived().map(({ alert_key }) => alert_key)).toEqual([
    'PATIENT#p-1',
    'PATIENT#p-2',
    'PATIENT#p-3',
    'PATIENT#p-2',
  ]);
});

test.each([
  ['carries no event', 'EventMissing', change('1', opened(1), stored(aPagedAlert({ seq: 9, events: [] })))],
  [
    'is none that the table keeps',
    'The item PATIENT#p-1 does not parse: round (invalid_type)',
    change('1', opened(1), { ...opened(1), seq: 2, round: 1 }),
  ],
  [
    'is no item',
    'ZodError',
    { dynamodb: { SequenceNumber: '1', NewImage: { kind: { S: 'alert' }, seq: { X: '9' } } } },
  ],
])('a write that %s is counted, and holds up nothing', async (_what, error, unreadable) => {
  const counted = vi.spyOn(metrics, 'addMetric');
  const logged = vi.spyOn(logger, 'error').mockReturnValue();
  const result = await handler({ Records: [unreadable, change('2', undefined, opened(2))] });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(archived()).toHaveLength(1);
  expect(counted).toHaveBeenCalledWith('EventsNotReadable', 'Count', 1);
  expect(logged).toHaveBeenCalledWith('event-not-readable', {
    sequenceNumber: '1',
    error,
  });
});

test('more rows than one call takes are several calls', async () => {
  const Records = Array.from({ length: 501 }, (_, number) =>
    change(String(number), undefined, opened(number)),
  );
  await handler({ Records });
  expect(aws.calls).toHaveLength(2);
  expect(archived()).toHaveLength(501);
});

test('a superseded claim is archived once, when it is put', async () => {
  const claim = aSupersededClaim();
  await handler({ Records: [change('1', undefined, claim), change('2', claim, { ...claim, expiresAt: 1 })] });
  expect(archived()).toMatchObject([{ event_id: `${claim.pk}#0#0`, type: 'superseded', alert_id: null }]);
});
