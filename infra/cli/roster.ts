/**
 * `npm run roster -- check FILE` and `npm run roster -- publish FILE --bucket B --secret ARN`: the hospital's file, checked
 * and put where Vigil reads it. `check --published`: are there PINs in what is published that anybody guesses? `confirm LINK`:
 * a clinician's mail subscription, confirmed with credentials. `unlock`: the tries that wrong PINs have used.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { hashPin, pepperOf, SALT_BYTES } from '../../handlers/aws/pin.ts';
import { parseHospital, parseRoster, RosterError, remarksOn } from '../../handlers/on-call/parse-roster.ts';
import { type Hospital, ROSTER_KEY } from '../../handlers/on-call/roster.ts';
import { InputError, runCommand } from '../input-error.ts';

const usage = `Usage: npm run roster -- check FILE
       npm run roster -- publish FILE --bucket BUCKET --secret SECRET_ARN
       npm run roster -- check --published --bucket BUCKET --secret SECRET_ARN
       npm run roster -- confirm LINK
       npm run roster -- unlock CLINICIAN --table TABLE
       npm run roster -- unlock --everybody --table TABLE`;

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

/** Says of how many people the published PINs were tried; throws InputError with those whose PIN anybody guesses. */
export async function checkPublished(target: RosterTarget, say: (line: string) => void): Promise<string> {
  const pepper = await pepperIn(target);
  const { Body } = await target.s3.send(new GetObjectCommand({ Bucket: target.bucket, Key: ROSTER_KEY }));
  const roster = parseRoster((await Body?.transformToString()) ?? '', ROSTER_KEY);
  // Only now: the local account publishes too, and does without the list of these PINs.
  const { minutesFor, trivialPinsIn } = await import('./published-pins.ts');
  say(`${roster.clinicians.length} clinicians; this may take ${minutesFor(roster)} minutes`);
  const found = await trivialPinsIn(roster, pepper);
  if (found.length === 0)
    return `${ROSTER_KEY}: nobody of ${roster.clinicians.length} has a PIN that anybody guesses`;
  throw new InputError(
    found
      .map((id) => `${id}: has a PIN that anybody guesses, which is not taken; draw one at random`)
      .join('\n'),
  );
}

async function pepperIn({ secretsManager, secretArn }: RosterTarget): Promise<string> {
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
    options: {
      bucket: { type: 'string' },
      secret: { type: 'string' },
      table: { type: 'string' },
      published: { type: 'boolean' },
      everybody: { type: 'boolean' },
    },
  });
  const [command, subject, ...more] = positionals;
  // What is meant stands either in a word or in an option.
  const isSaid = values.published || values.everybody;
  if (more.length > 0 || (subject === undefined) !== (isSaid === true)) throw new InputError(usage);
  return { command, subject: subject ?? '', ...values };
}

/** The bucket and the secret that deploy printed; throws InputError when one is not said. */
function targetOf({ bucket, secret }: { bucket?: string; secret?: string }): RosterTarget {
  if (!bucket || !secret) throw new InputError(usage);
  return { bucket, secretArn: secret, s3: new S3Client(), secretsManager: new SecretsManagerClient() };
}

/** What the command does, by its arguments; throws InputError. */
export async function rosterCommand(argv: string[]): Promise<string> {
  const { command, subject, ...options } = argumentsOf(argv);
  if (command === 'confirm' && subject)
    return `${await confirmSubscription(subject, new SNSClient())}: confirmed`;
  if (command === 'unlock' && !options.published) return unlock(subject, options.table);
  if (command === 'check' && options.published) return checkPublished(targetOf(options), console.error);
  if (command === 'check' && subject) return check(subject);
  if (command === 'publish' && subject) return publish(subject, targetOf(options));
  throw new InputError(usage);
}

/** Everybody, without a clinician. */
async function unlock(clinicianId: string, tableName: string | undefined): Promise<string> {
  if (!tableName) throw new InputError(usage);
  const { unlockClinician, unlockEverybody } = await import('./unlock.ts');
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const unlocking = { tableName, now: new Date().toISOString(), by: userInfo().username, client };
  return clinicianId ? unlockClinician(clinicianId, unlocking) : unlockEverybody(unlocking);
}

const countedIn = ({ clinicians, rotations, devices }: Hospital) =>
  `${clinicians.length} clinicians, ${rotations.length} rotations, ${devices.length} devices`;

function check(fileName: string): string {
  const hospital = readHospital(fileName);
  const remarks = remarksOn(hospital);
  return [
    `${fileName}: ${countedIn(hospital)}; nothing is wrong${remarks.length > 0 ? '; but look at:' : ''}`,
    ...remarks.map((remark) => `  ${remark}`),
  ].join('\n');
}

async function publish(fileName: string, target: RosterTarget): Promise<string> {
  const hospital = readHospital(fileName);
  await publishRoster(hospital, target);
  // Only now: the local account publishes too, and does without this client.
  const { zoneRemark } = await import('./deployed-zone.ts');
  const remark = await zoneRemark(hospital.zone, target.secretArn);
  return [`${fileName}: published (${countedIn(hospital)})`, ...(remark ? [remark] : [])].join('\n');
}

if (import.meta.main) {
  await runCommand(async () => {
    console.log(await rosterCommand(process.argv.slice(2)));
    return 0;
  }, usage);
}
