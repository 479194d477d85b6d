import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountConcurrency } from '../../infra/cli/account-concurrency.ts';
import { consumersShare, inWords, needs } from '../../infra/concurrency.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;

const share = (unreserved: number, openShards = 4, stated?: number) =>
  consumersShare({ unreserved, openShards }, stated);

test.each([
  ['a new account', 10, 4, { factor: 1, atMost: 4, left: 6, verdict: 'tight' }],
  [
    'a new account in which something else has reserved one',
    9,
    4,
    { factor: 1, left: 5, verdict: 'tooLittle' },
  ],
  [
    'an account of 16: the consumer alone would have taken them all',
    16,
    4,
    { factor: 2, left: 8, verdict: 'tight' },
  ],
  ['an account of 50', 50, 4, { factor: 4, atMost: 16, left: 34, verdict: 'enough' }],
  ['just below half', 31, 4, { factor: 3, atMost: 12, verdict: 'tight' }],
  ['half', 32, 4, { factor: 4, atMost: 16, left: 16, verdict: 'enough' }],
  ['the usual account', 1000, 4, { factor: 4, atMost: 16, left: 984, verdict: 'enough' }],
  ['a stream that has grown', 50, 8, { factor: 3, atMost: 24, left: 26, verdict: 'tight' }],
  [
    'a stream that has outgrown a new account',
    10,
    8,
    { factor: 1, atMost: 8, left: 2, verdict: 'tooLittle' },
  ],
])('%s', (_what, unreserved, openShards, expected) => {
  expect(share(unreserved, openShards)).toMatchObject(expected);
});

test('a factor that the deployment states is kept, whatever it leaves', () => {
  expect(share(10, 4, 2)).toEqual({ factor: 2, atMost: 8, left: 2, verdict: 'tooLittle' });
  expect(share(1000, 4, 10)).toMatchObject({ factor: 10, atMost: 40, verdict: 'enough' });
});

test('the consumer never takes more than half, except when one batch a shard is more than that', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 200 }), (unreserved, shards) => {
      const { factor, atMost, left, verdict } = share(unreserved, shards);
      expect(factor).toBeGreaterThanOrEqual(1);
      expect(factor).toBeLessThanOrEqual(4);
      expect(atMost + left).toBe(unreserved);
      if (factor > 1) expect(atMost).toBeLessThanOrEqual(unreserved / 2);
      expect(verdict === 'tooLittle').toBe(left < needs);
    }),
  );
});

const newAccount = { limit: 10, unreserved: 10, pages: 0, openShards: 4 };

test('a new account is told what the consumer takes, what is left, and which quota to raise', () => {
  const said = inWords(newAccount, consumersShare(newAccount));
  for (const part of [
    /at most 10 functions at once/,
    /4 shards, 1 batch/,
    /6 /,
    /L-B99A9384/,
    /deploy again/,
  ])
    expect(said).toMatch(part);
});

test('what others have reserved is said', () => {
  const account = { limit: 1000, unreserved: 100, pages: 0, openShards: 4 };
  expect(inWords(account, consumersShare(account))).toMatch(
    /1000 functions at once.*900 of them are reserved/,
  );
});

test('an account with room is told no quota, whatever the deployment states', () => {
  const account = { limit: 1000, unreserved: 1000, pages: 0, openShards: 4 };
  for (const stated of [undefined, 1, 10])
    expect(inWords(account, consumersShare(account, stated))).not.toMatch(/L-B99A9384/);
});

/** Clients that give these answers, or fail with them; `pages` are those on the two page functions. */
function clients(settings: Any, summary: Any, pages: Record<string, Any> = {}) {
  const asked: string[] = [];
  const send = async (command: Any) => {
    const { input } = command;
    const { name } = command.constructor;
    asked.push(`${name} ${input.StreamName ?? input.FunctionName ?? ''}`.trim());
    const answer = {
      GetAccountSettingsCommand: settings,
      DescribeStreamSummaryCommand: summary,
      GetFunctionConcurrencyCommand: pages[input.FunctionName] ?? named('ResourceNotFoundException'),
    }[name as string];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, lambda: { send } as Any, kinesis: { send } as Any };
}

const stage = { name: 'production', streamName: 'the-stream' } as const;
const settings = { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 } };
const shards = { StreamDescriptionSummary: { OpenShardCount: 8 } };
const named = (name: string, message = '') => Object.assign(new Error(message), { name });

test('the account is asked for its limit, the pages for what they have reserved, and the stream for its shards', async () => {
  const { asked, ...aws } = clients(settings, shards, {
    'vigil-production-answer-page': { ReservedConcurrentExecutions: 120 },
    'vigil-production-serve-report': { ReservedConcurrentExecutions: 60 },
  });
  expect(await accountConcurrency(aws, stage)).toEqual({
    limit: 1000,
    unreserved: 900,
    pages: 180,
    openShards: 8,
  });
  expect(asked).toEqual([
    'GetAccountSettingsCommand',
    'GetFunctionConcurrencyCommand vigil-production-answer-page',
    'GetFunctionConcurrencyCommand vigil-production-serve-report',
    'DescribeStreamSummaryCommand the-stream',
  ]);
});

test('pages that reserve nothing, or are yet to be made, have nothing', async () => {
  const aws = clients(settings, shards, { 'vigil-production-answer-page': {} });
  expect(await accountConcurrency(aws, stage)).toMatchObject({ pages: 0 });
});

test('a stream that is yet to be made begins with four shards', async () => {
  const aws = clients(settings, named('ResourceNotFoundException'));
  expect(await accountConcurrency(aws, stage)).toMatchObject({ openShards: 4 });
});

const denied = named('AccessDeniedException', 'not authorized');

test.each([
  [
    'without credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    {},
    {},
    'CredentialsProviderError: Could not load credentials from any providers',
  ],
  ['without a right on the stream', settings, denied, {}, /AccessDeniedException/],
  [
    'without a right on the pages',
    settings,
    shards,
    { 'vigil-production-answer-page': denied },
    /AccessDeniedException/,
  ],
  ['an answer without the limit', {}, {}, {}, /ConcurrentExecutions/],
  ['an answer without the shards', settings, {}, {}, /OpenShardCount/],
])('%s it is not known, and why', async (_what, lambda, kinesis, pages, why) => {
  expect(await accountConcurrency(clients(lambda, kinesis, pages), stage)).toEqual({
    notKnown: expect.stringMatching(why),
  });
});
