import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountConcurrency } from '../../../infra/cli/account-concurrency.ts';
import { consumersShare, inWords, needs } from '../../../infra/constructs/concurrency.ts';

// biome-ignore lint/suspicious/noExplicitAny: command inputs have every shape
type Any = any;

const share = (unreserved: number, openShards = 4, stated?: number) =>
  consumersShare({ limit: Math.max(unreserved, 10), unreserved, openShards }, stated);

test.each([
  ['a new account', 10, 4, { factor: 1, atMost: 4, left: 6, verdict: 'tight' }],
  [
    'a new account in which something else has reserved one',
    9,
    4,
    { factor: 1, left: 5, verdict: 'too little' },
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
    { factor: 1, atMost: 8, left: 2, verdict: 'too little' },
  ],
])('%s', (_what, unreserved, openShards, expected) => {
  expect(share(unreserved, openShards)).toMatchObject(expected);
});

test('a factor that the deployment states is kept, whatever it leaves', () => {
  expect(share(10, 4, 2)).toEqual({ factor: 2, atMost: 8, left: 2, verdict: 'too little' });
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
      expect(verdict === 'too little').toBe(left < needs);
    }),
  );
});

const newAccount = { limit: 10, unreserved: 10, openShards: 4 };

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
  const account = { limit: 1000, unreserved: 100, openShards: 4 };
  expect(inWords(account, consumersShare(account))).toMatch(
    /1000 functions at once.*900 of them are reserved/,
  );
});

test('an account with room is told no quota, whatever the deployment states', () => {
  const account = { limit: 1000, unreserved: 1000, openShards: 4 };
  for (const stated of [undefined, 1, 10])
    expect(inWords(account, consumersShare(account, stated))).not.toMatch(/L-B99A9384/);
});

function clients(settings: Any, summary: Any) {
  const asked: string[] = [];
  const answering = (answer: Any) => ({
    send: async (command: Any) => {
      asked.push(`${command.constructor.name} ${command.input.StreamName ?? ''}`.trim());
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { asked, lambda: answering(settings) as Any, kinesis: answering(summary) as Any };
}

const settings = { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 } };
const named = (name: string, message = '') => Object.assign(new Error(message), { name });

test('the account is asked for its limit, and the stream for its shards', async () => {
  const { asked, ...aws } = clients(settings, { StreamDescriptionSummary: { OpenShardCount: 8 } });
  expect(await accountConcurrency(aws, 'the-stream')).toEqual({
    limit: 1000,
    unreserved: 900,
    openShards: 8,
  });
  expect(asked).toEqual(['GetAccountSettingsCommand', 'DescribeStreamSummaryCommand the-stream']);
});

test('a stream that is yet to be made begins with four shards', async () => {
  const aws = clients(settings, named('ResourceNotFoundException'));
  expect(await accountConcurrency(aws, 'the-stream')).toMatchObject({ openShards: 4 });
});

test.each([
  [
    'without credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    {},
    'CredentialsProviderError: Could not load credentials from any providers',
  ],
  ['without a right', settings, named('AccessDeniedException', 'not authorized'), /AccessDeniedException/],
  ['an answer without the limit', {}, {}, /ConcurrentExecutions/],
  ['an answer without the shards', settings, {}, /OpenShardCount/],
])('%s it is not known, and why', async (_what, lambda, kinesis, why) => {
  expect(await accountConcurrency(clients(lambda, kinesis), 's')).toEqual({
    notKnown: expect.stringMatching(why),
  });
});
