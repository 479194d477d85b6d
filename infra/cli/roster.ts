/**
 * `npm run roster -- check FILE` and `npm run roster -- publish FILE --bucket B --secret ARN`: the hospital's file, checked
 * and put where Vigil reads it. `npm run roster -- confirm LINK`: a clinician's mail subscription, confirmed with credentials.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns';
import { hashPin, pepperOf, SALT_BYTES } from '../../handlers/aws/pin.ts';
import {
  type Hospital,
  parseHospital,
  parseRoster,
  ROSTER_KEY,
  RosterError,
  remarksOn,
} from '../../handlers/on-call/roster.ts';
import { InputError, runCommand } from '../input-error.ts';

const usage = `Usage: npm run roster -- check FILE
       npm run roster -- publish FILE --bucket BUCKET --secret SECRET_ARN
       npm run roster -- confirm LINK`;

export type RosterTarget = {
  bucket: string;
  secretArn: string;
  s3: Pick<S3Client, 'send'>;
  secretsManager: Pick<SecretsManagerClient, 'send'>;
};

/** Puts the roster in place of the one before, with a hash for every PIN. Functions read it within a minute. */
export async function publishRoster(hospital: Hospital, target: RosterTarget): Promise<void> {
  const { SecretString } = await target.secretsManager.send(
    new GetSecretValueCommand({ SecretId: target.secretArn }),
  );
  if (!SecretString) throw new InputError(`${target.secretArn}: not a secret of Vigil's`);
  const pepper = pepperOf(SecretString);
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

function readHospital(fileName: string): Hospital {
  try {
    return parseHospital(readFileSync(fileName, 'utf8'), fileName);
  } catch (error) {
    if (error instanceof RosterError) throw new InputError(error.message);
    throw new InputError(`${fileName}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

function argumentsOf(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { bucket: { type: 'string' }, secret: { type: 'string' } },
  });
  const [command, fileName, ...more] = positionals;
  if (!fileName || more.length > 0) throw new InputError(usage);
  return { command, fileName, ...values };
}

/** What the command does, by its arguments; throws InputError. */
export async function rosterCommand(argv: string[]): Promise<string> {
  const { command, fileName, bucket, secret } = argumentsOf(argv);
  if (command === 'confirm') return `${await confirmSubscription(fileName, new SNSClient())}: confirmed`;
  if (command !== 'check' && command !== 'publish') throw new InputError(usage);
  if (command === 'publish' && (!bucket || !secret)) throw new InputError(usage);
  const hospital = readHospital(fileName);
  const counted = `${hospital.clinicians.length} clinicians, ${hospital.rotations.length} rotations, ${hospital.devices.length} devices`;
  if (command === 'check') {
    const remarks = remarksOn(hospital);
    return [
      `${fileName}: ${counted}; nothing is wrong${remarks.length > 0 ? '; but look at:' : ''}`,
      ...remarks.map((remark) => `  ${remark}`),
    ].join('\n');
  }
  await publishRoster(hospital, {
    bucket: bucket as string,
    secretArn: secret as string,
    s3: new S3Client(),
    secretsManager: new SecretsManagerClient(),
  });
  // Only now: the local account publishes too, and does without this client.
  const { zoneRemark } = await import('./deployed-zone.ts');
  const remark = await zoneRemark(hospital.zone, secret as string);
  return [`${fileName}: published (${counted})`, ...(remark ? [remark] : [])].join('\n');
}

if (import.meta.main) {
  await runCommand(async () => {
    console.log(await rosterCommand(process.argv.slice(2)));
    return 0;
  }, usage);
}
