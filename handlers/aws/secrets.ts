/** The stage's one secret and the keys derived from it (infra/decisions/0004-one-secret.md). */
import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManager } from './clients.ts';
import { pepperOf } from './pin.ts';

/** A replaced secret counts within a minute, as the runbook promises. */
const CACHED_MS = 60_000;

export type AnswerKeys = {
  /** Stands before every PIN's hash. */
  pepper: string;
  /** Signs forms and sessions. */
  formKey: Buffer;
};

let cached: { secretArn: string; loadedAtMs: number; keys: AnswerKeys } | undefined;

export async function loadAnswerKeys(secretArn: string, nowMs: number): Promise<AnswerKeys> {
  if (cached?.secretArn === secretArn && nowMs - cached.loadedAtMs < CACHED_MS) return cached.keys;
  const { SecretString } = await secretsManager().send(new GetSecretValueCommand({ SecretId: secretArn }));
  if (!SecretString) throw new Error('The answers secret has no string');
  const keys = {
    pepper: pepperOf(SecretString),
    formKey: Buffer.from(hkdfSync('sha256', SecretString, '', 'vigil form key', 32)),
  };
  cached = { secretArn, loadedAtMs: nowMs, keys };
  return keys;
}

let webhook: { secretArn: string; loadedAtMs: number; url: URL } | undefined;

/** The operations' webhook. Throws until somebody has put an HTTPS address into the secret. */
export async function loadWebhook(secretArn: string, nowMs: number): Promise<URL> {
  if (webhook?.secretArn === secretArn && nowMs - webhook.loadedAtMs < CACHED_MS) return webhook.url;
  const { SecretString = '' } = await secretsManager().send(
    new GetSecretValueCommand({ SecretId: secretArn }),
  );
  const url = URL.parse(SecretString.trim());
  if (url?.protocol !== 'https:') throw new WebhookNotSet();
  webhook = { secretArn, loadedAtMs: nowMs, url };
  return url;
}

/** The secret does not hold an HTTPS address: nobody has put one there yet. */
class WebhookNotSet extends Error {
  override readonly name = 'WebhookNotSet';
  constructor() {
    super('The webhook secret holds no HTTPS address');
  }
}
