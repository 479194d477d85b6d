/** The published roster: put where functions read it, and its people's mail subscriptions confirmed. */
import { randomBytes } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfirmSubscriptionCommand, type SNSClient } from '@aws-sdk/client-sns';
import { parseRoster } from '../../handlers/on-call/parse-roster.ts';
import { type Hospital, ROSTER_KEY } from '../../handlers/on-call/roster.ts';
import { hashPin, pepperOf, SALT_BYTES } from '../../handlers/runtime/pin.ts';
import { InputError } from '../input-error.ts';

export type RosterTarget = {
  bucket: string;
  secretArn: string;
  s3: Pick<S3Client, 'send'>;
  secretsManager: Pick<SecretsManagerClient, 'send'>;
};

/** Puts the roster in place of the one before, with a hash for every PIN. Functions read it within a minute. */
export async function publishRoster(hospital: Hospital, target: RosterTarget): Promise<void> {
  const pepper = await pepperIn(target);
  const clinicians = await Promise.all(
    hospital.clinicians.map(async ({ pin, ...clinician }) => ({
      ...clinician,
      pinHash: await hashPin(pin, pepper, randomBytes(SALT_BYTES)),
    })),
  );
  const text = JSON.stringify({ ...hospital, clinicians });
  parseRoster(text, ROSTER_KEY);
  await target.s3.send(
    new PutObjectCommand({
      Bucket: target.bucket,
      Key: ROSTER_KEY,
      Body: text,
      ContentType: 'application/json',
    }),
  );
}

/** Throws InputError for a secret that holds nothing. */
export async function pepperIn({ secretsManager, secretArn }: RosterTarget): Promise<string> {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn }));
  if (!SecretString) throw new InputError(`${secretArn}: not a secret of Vigil's`);
  return pepperOf(SecretString);
}

/**
 * Confirms a subscription by the link of its mail, so that only the account can end it. Confirmed by a click instead, the
 * link below each later mail ends it for whoever opens it, and mail scanners open links. Gives the topic's ARN.
 */
export async function confirmSubscription(link: string, sns: Pick<SNSClient, 'send'>): Promise<string> {
  const said = URL.parse(link)?.searchParams;
  const [TopicArn, Token] = [said?.get('TopicArn'), said?.get('Token')];
  if (!TopicArn || !Token)
    throw new InputError('LINK: not the link of a mail that asks to confirm a subscription');
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' }));
  return TopicArn;
}
