/**
 * The stage's secrets: what answers rest on (decisions/0004), what readings and patients are known by (decisions/0014), and
 * the address of the operations' webhook, with PagerDuty's routing key (decisions/0012, 0035).
 */
import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { WebhookFormat } from '../mail/webhook-events.ts';
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

/** An address; with it PagerDuty's routing key (of an Events API v2 integration: 32 characters), where the stage speaks to that. */
const AddressOnly = z
  .url({ protocol: /^https$/ })
  .transform((address) => ({ address, routingKey: undefined }));
const AddressAndKey = z.strictObject({
  address: z.url({ protocol: /^https$/ }),
  routingKey: z.string().length(32),
});
export type Webhook = { address: string; routingKey: string | undefined };

let webhook: { secretArn: string; loadedAtMs: number; found: Webhook } | undefined;

/** The operations' webhook. Throws until somebody has put what it takes into the secret. */
export async function loadWebhook(secretArn: string, format: WebhookFormat, nowMs: number): Promise<Webhook> {
  if (webhook?.secretArn === secretArn && nowMs - webhook.loadedAtMs < CACHED_MS) return webhook.found;
  const text = (await readSecret(secretArn)).trim();
  const { data } = format === 'vigil' ? AddressOnly.safeParse(text) : AddressAndKey.safeParse(jsonOf(text));
  if (!data) throw new WebhookNotSet();
  webhook = { secretArn, loadedAtMs: nowMs, found: data };
  return data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The secret does not hold what the stage's format takes: nobody has put it there yet. */
class WebhookNotSet extends Error {
  override readonly name = 'WebhookNotSet';
  constructor() {
    super('The webhook secret holds no HTTPS address, or no routing key beside it');
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
