/** The secrets as the functions load them. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadAnswerKeys, loadIdentityKey, loadWebhook } from '../../../handlers/aws/secrets.ts';

const secrets = new Map<string, string>();
let asked: string[];

beforeEach(() => {
  asked = [];
  secrets.clear();
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockImplementation((async ({
    input,
  }: {
    input: { SecretId: string };
  }) => {
    asked.push(input.SecretId);
    if (!secrets.has(input.SecretId)) throw new Error('no answer');
    return { SecretString: secrets.get(input.SecretId) };
  }) as never);
});
afterEach(() => vi.restoreAllMocks());

test('the key of identities is loaded once for an instance, and never from a failure', async () => {
  await expect(loadIdentityKey('arn:a')).rejects.toThrow('no answer');
  secrets.set('arn:a', 'A'.repeat(64));
  const key = await loadIdentityKey('arn:a');
  expect(key).toHaveLength(32);
  secrets.delete('arn:a');
  expect(await loadIdentityKey('arn:a')).toBe(key);
  expect(asked).toEqual(['arn:a', 'arn:a']);
});

test('each secret and each use has its own key', async () => {
  for (const name of ['b', 'c']) secrets.set(`arn:${name}`, name.repeat(64));
  const keys = [await loadIdentityKey('arn:b'), await loadIdentityKey('arn:c')];
  const { formKey, sourceKey, pepper } = await loadAnswerKeys('arn:b', 0);
  const all = [...keys, formKey, sourceKey, Buffer.from(pepper, 'base64')].map((key) => key.toString('hex'));
  expect(new Set(all).size).toBe(5);
});

test('a secret without a string is an error', async () => {
  secrets.set('arn:empty', '');
  await expect(loadIdentityKey('arn:empty')).rejects.toThrow('arn:empty has no string');
});

test.each([
  ['vigil', 'https://pager.example/vigil\n', { address: 'https://pager.example/vigil' }],
  ['vigil', 'x'.repeat(64), undefined],
  ['vigil', 'http://pager.example/vigil', undefined],
  [
    'pagerdutyEventsV2',
    JSON.stringify({ address: 'https://pager.example/v2', routingKey: 'r'.repeat(32) }),
    { address: 'https://pager.example/v2', routingKey: 'r'.repeat(32) },
  ],
  [
    'pagerdutyEventsV2',
    JSON.stringify({ address: 'https://pager.example/v2', routingKey: 'r'.repeat(31) }),
    undefined,
  ],
  ['pagerdutyEventsV2', 'https://pager.example/v2', undefined],
] as const)('a webhook in the format %s from the secret %j', async (format, text, webhook) => {
  const arn = `arn:${format}/${text}`;
  secrets.set(arn, text);
  const loading = loadWebhook(arn, format, 0);
  if (webhook) expect(await loading).toEqual(webhook);
  else await expect(loading).rejects.toThrow('The webhook secret holds no HTTPS address');
});
