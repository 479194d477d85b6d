/**
 * The stage's secrets: what answers rest on (decisions/0004), what readings and patients are known by (decisions/0014), and
 * the address of the operations' webhook (decisions/0012).
 */
import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { identityKeyOf } from '../reading/identity.ts';
import { pepperOf } from '../runtime/pin.ts';
import { secretsManagerClient } from './clients.ts';

/** A replaced secret counts within a minute, as the runbook promises. */
const CACHED_MS = 60_000;

export type AnswerKeys = {
  /** Stands before every PIN's hash. */
  pepper: string;
  /** Signs forms and sessions. */
  formKey: Buffer;
  /** Makes hashes of network addresses, for the log. */
  sourceKey: Buffer;
};

let cached: { secretArn: string; loadedAtMs: number; keys: AnswerKeys } | undefined;

export async function loadAnswerKeys(secretArn: string, nowMs: number): Promise<AnswerKeys> {
  if (cached?.secretArn === secretArn && nowMs - cached.loadedAtMs < CACHED_MS) return cached.keys;
  const rootKey = await readSecret(secretArn);
  const keys = {
    pepper: pepperOf(rootKey),
    formKey: derived(rootKey, 'vigil form key'),
    sourceKey: derived(rootKey, 'vigil source key'),
  };
  cached = { secretArn, loadedAtMs: nowMs, keys };
  return keys;
}

let webhook: { secretArn: string; loadedAtMs: number; url: URL } | undefined;

/** The operations' webhook. Throws until somebody has put an HTTPS address into the secret. */
export async function loadWebhook(secretArn: string, nowMs: number): Promise<URL> {
  if (webhook?.secretArn === secretArn && nowMs - webhook.loadedAtMs < CACHED_MS) return webhook.url;
  const url = URL.parse((await readSecret(secretArn)).trim());
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

let identity: { secretArn: string; key: Buffer } | undefined;

/**
 * The key of readings' ids and patients' pseudonyms. Loaded once for an instance's life: it is never replaced while Vigil
 * runs, and readings must not wait for Secrets Manager once it is known.
 */
export async function loadIdentityKey(secretArn: string): Promise<Buffer> {
  if (identity?.secretArn !== secretArn)
    identity = { secretArn, key: identityKeyOf(await readSecret(secretArn)) };
  return identity.key;
}

async function readSecret(secretArn: string): Promise<string> {
  const { SecretString } = await secretsManagerClient().send(
    new GetSecretValueCommand({ SecretId: secretArn }),
  );
  if (!SecretString) throw new Error(`The secret ${secretArn} has no string`);
  return SecretString;
}

/** 256 bits, the size of the hash; one label for each use keeps them independent. */
function derived(rootKey: string, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', label, 32));
}
