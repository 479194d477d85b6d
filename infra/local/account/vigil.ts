/**
 * Vigil running on this machine: the stage's synthesized template in a local account, its roster published, and every
 * clinician's mail subscription made and confirmed - what `deploy` and the first day of operation do on AWS.
 */
import { createRequire } from 'node:module';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { WebhookFormat } from '../../../handlers/mail/webhook-events.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { synthesize } from '../../build/synthesize.ts';
import type { StageName } from '../../config.ts';
import { confirmSubscription, publishRoster } from '../../hospital/published-roster.ts';
import { install } from '../engine/determinism.ts';
import { localSdk, warmUp } from '../engine/sdk.ts';
import type { Payload } from '../engine/service.ts';
import { temporaryFolder } from '../engine/temporary-folder.ts';
import type { SnsService } from '../services/sns/service.ts';
import { type AccountOptions, type LocalAccount, operator, startAccount } from './account.ts';
import type { Template } from './template.ts';

export type VigilOptions = Omit<AccountOptions, 'assemblyDirectory' | 'template' | 'directory'> & {
  stage: StageName;
  hospital: Hospital;
  /** What the operations' webhook is sent. */
  webhookFormat?: WebhookFormat | undefined;
  /** Changes the template before it boots, to show what a wrong one does. */
  change?: ((template: Template) => void) | undefined;
};

export type Vigil = LocalAccount & {
  /** Gives the process its own time and randomness back. */
  stop(): void;
};

const nodeRequire = createRequire(import.meta.url);

/** What the local deployment is given: operations with both of their channels. */
export const localContext = { operationsEmail: 'operations@example.org', webhook: 'on' } as const;
const webhookSecrets: Record<WebhookFormat, string> = {
  vigil: 'https://operations.example.org/vigil',
  pagerdutyEventsV2: JSON.stringify({
    address: 'https://operations.example.org/v2/enqueue',
    routingKey: '0'.repeat(32),
  }),
};

/** A client of the real SDK that acts as the operator. */
export function operatorClient(account: LocalAccount, service: string, className: string): Payload {
  const sdk = localSdk(service, nodeRequire(`@aws-sdk/client-${service}`), (id, operation, input) =>
    account.call(operator, id, operation, input),
  );
  return new (sdk[className] as new () => Payload)();
}

async function publish(account: LocalAccount, hospital: Hospital): Promise<void> {
  await account.until(
    publishRoster(hospital, {
      bucket: account.outputs.RosterBucket as string,
      secretArn: account.outputs.AnswerSecretArn as string,
      s3: operatorClient(account, 's3', 'S3Client'),
      secretsManager: operatorClient(account, 'secrets-manager', 'SecretsManagerClient'),
    }),
  );
}

/** Runs the reconciler until every clinician has a topic and has confirmed its subscription. */
async function subscribeClinicians(account: LocalAccount): Promise<void> {
  const sns = account.service<SnsService>('sns');
  const client = operatorClient(account, 'sns', 'SNSClient') as SNSClient;
  sns.onMail((mail) => {
    const link = /https:\S+Token=\S+/.exec(mail.text)?.[0];
    if (link) void confirmSubscription(link, client);
  });
  const FunctionName = account.outputs.ReconcileSubscriptionsFunction as string;
  const result = await account.until(
    account.call(operator, 'lambda', 'Invoke', { FunctionName, Payload: '{}' }),
  );
  if (result.FunctionError) throw new Error(`The subscriptions could not be reconciled: ${result.Payload}`);
  await account.clock.run(account.clock.now() + 10_000);
}

/** Boots a stage; the clock stands a few virtual seconds after `startAt`. */
export async function startVigil(options: VigilOptions): Promise<Vigil> {
  const { webhookFormat = 'vigil' } = options;
  const { template, assemblyDirectory } = await synthesize(options.stage, {
    ...localContext,
    webhookFormat,
    zone: options.hospital.zone,
  });
  await warmUp(nodeRequire('@aws-sdk/client-s3'));
  const changed = structuredClone(template) as Template;
  options.change?.(changed);
  const folder = temporaryFolder();
  const undo = [folder.remove];
  const stop = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const account = startAccount({
      ...options,
      assemblyDirectory,
      template: changed,
      directory: folder.path,
    });
    undo.push(install(account.clock, account.random('process')));
    await account.until(
      account.call(operator, 'secrets-manager', 'PutSecretValue', {
        SecretId: account.outputs.WebhookSecretArn,
        SecretString: webhookSecrets[webhookFormat],
      }),
    );
    await publish(account, options.hospital);
    await subscribeClinicians(account);
    return { ...account, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
