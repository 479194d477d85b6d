import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { raise } from '../../handlers/alert/open.ts';
import { handler } from '../../handlers/archive-events.ts';
import { logger, metrics } from '../../handlers/aws/logger.ts';
import { aClaim, aPagedAlert, minute, START } from './alert/builders.ts';
import { type FakeAws, fakeAws, silence } from './alert/fake-aws.ts';
import { restore, settle } from './alert/function-settings.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = fakeAws();
  settle(aws, START);
});
afterEach(restore);

// biome-ignore lint/suspicious/noExplicitAny: AttributeValues of any item
function attribute(value: any): object {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: image(value) };
}
const image = (item: object) =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]));

const change = (SequenceNumber: string, before: object | undefined, after: object | undefined) => ({
  eventName: before ? 'MODIFY' : 'INSERT',
  dynamodb: {
    SequenceNumber,
    ...(before && { OldImage: image(before) }),
    ...(after && { NewImage: image(after) }),
  },
});

const opened = (number: number): Alert =>
  raise(aClaim({ alertKey: `PATIENT#p-${number}` }), undefined, 'exec-1', START, 'w').alert;

test('each write’s event becomes a row, and nothing else does', async () => {
  const result = await handler({
    Records: [
      change('1', undefined, aClaim()),
      change('2', undefined, opened(1)),
      change('3', opened(1), { ...opened(1), token: 't' }),
      change('4', undefined, { pk: 'PAGE#x', kind: 'page', wrongPins: 0 }),
      change('5', aClaim(), undefined),
    ],
  });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(aws.archived).toMatchObject([{ event_id: 'PATIENT#p-1#1#0', type: 'raised', seq: 1 }]);
});

test('rows that Firehose does not take are offered again, three times, and then their record comes again', async () => {
  let offered = 0;
  aws.before = (call) => {
    offered += call.startsWith('PutRecordBatch') ? 1 : 0;
    return offered < 3 ? silence() : undefined;
  };
  const Records = [change('1', undefined, opened(1)), change('2', undefined, opened(2))];
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(aws.archived).toHaveLength(2);
  aws.before = () => silence();
  expect(await handler({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }],
  });
});

test('only the rows that were refused are offered again', async () => {
  const answer = aws.answer.bind(aws);
  let first = true;
  aws.answer = async (command) => {
    const result = (await answer(command)) as { RequestResponses: object[] };
    if (first) result.RequestResponses[1] = { ErrorCode: 'ServiceUnavailableException' };
    first = false;
    return result;
  };
  const Records = [1, 2, 3].map((number) => change(String(number), undefined, opened(number)));
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(aws.archived.map(({ alert_key }) => alert_key)).toEqual([
    'PATIENT#p-1',
    'PATIENT#p-2',
    'PATIENT#p-3',
    'PATIENT#p-2',
  ]);
});

test.each([
  ['carries no event', change('1', opened(1), aPagedAlert({ seq: 9, events: [] }))],
  ['is no item', { dynamodb: { SequenceNumber: '1', NewImage: { kind: { S: 'alert' }, seq: { X: '9' } } } }],
])('a write that %s is counted, and holds up nothing', async (_what, unreadable) => {
  const counted = vi.spyOn(metrics, 'addMetric');
  const error = vi.spyOn(logger, 'error').mockReturnValue();
  const result = await handler({ Records: [unreadable, change('2', undefined, opened(2))] });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(aws.archived).toHaveLength(1);
  expect(counted).toHaveBeenCalledWith('EventsNotReadable', 'Count', 1);
  expect(error).toHaveBeenCalledWith('event-not-readable', {
    sequenceNumber: '1',
    error: expect.stringMatching(/^(EventMissing|Error)$/),
  });
});

test('more rows than one call takes are several calls', async () => {
  const Records = Array.from({ length: 501 }, (_, number) =>
    change(String(number), undefined, opened(number)),
  );
  await handler({ Records });
  expect(aws.calls).toHaveLength(2);
  expect(aws.archived).toHaveLength(501);
});

test('a superseded claim is archived once, when it is put', async () => {
  const event = { ...opened(1).events[0], seq: 0, type: 'superseded', at: minute(0) };
  const claim = { ...aClaim({ status: 'superseded' }), event };
  await handler({ Records: [change('1', undefined, claim), change('2', claim, { ...claim, expiresAt: 1 })] });
  expect(aws.archived).toMatchObject([{ type: 'superseded', alert_id: null }]);
});
