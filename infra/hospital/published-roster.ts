/** The published roster: put where functions read it, and its people's mail subscriptions confirmed. */
import { randomBytes } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfirmSubscriptionCommand, type SNSClient } from '@aws-sdk/client-sns';
import { dealtAnew } from '../../handlers/on-call/dealt-anew.ts';
import { rosterAfter } from '../../handlers/on-call/next-roster.ts';
import { parseRoster, rosterErrorOf } from '../../handlers/on-call/parse-roster.ts';
import { announcementProblems } from '../../handlers/on-call/policy-versions.ts';
import { type Hospital, ROSTER_KEY, type Roster } from '../../handlers/on-call/roster.ts';
import { hashPin, pepperOf, SALT_BYTES } from '../../handlers/runtime/pin.ts';
import { InputError } from '../input-error.ts';
import { dealtAnewText } from './roster-text.ts';

export type RosterTarget = {
  bucket: string;
  secretArn: string;
  s3: Pick<S3Client, 'send'>;
  secretsManager: Pick<SecretsManagerClient, 'send'>;
};

type RosterBucket = Pick<RosterTarget, 's3' | 'bucket'>;

/**
 * Puts a hospital's roster in place of the one before, with a hash for every PIN. Functions read it within a minute, and
 * readings are judged by it two minutes later. Gives what whoever publishes has to know; throws RosterError for a policy
 * that is not announced.
 */
export async function publishRoster(
  hospital: Hospital,
  target: RosterTarget,
  now = () => new Date().toISOString(),
): Promise<string[]> {
  const pepper = await pepperIn(target);
  const clinicians = await Promise.all(
    hospital.clinicians.map(async ({ pin, ...clinician }) => ({
      ...clinician,
      pinHash: await hashPin(pin, pepper, randomBytes(SALT_BYTES)),
    })),
  );
  const next = { ...hospital, clinicians };
  let remarks: string[] = [];
  await replace(target, (text) => {
    const { published, remark } = readAsFarAsPossible(text);
    remarks = remark ? [remark] : [];
    if (!published) return next;
    const at = now();
    const problems = announcementProblems(hospital, published, at);
    if (problems.length > 0) throw rosterErrorOf(problems, 'not published');
    const after = rosterAfter(published, next, at);
    remarks.push(...dealtAnew(published, after, at).map((shift) => dealtAnewText(shift, hospital.zone)));
    const gone = (published.swaps ?? []).filter((swap) => swap.to > at && !after.swaps?.includes(swap));
    remarks.push(
      ...gone.map(
        ({ clinicianId, from }) => `${clinicianId} takes no shifts any more: the swap from ${from} is gone.`,
      ),
    );
    return after;
  });
  return remarks;
}

/** One that this program does not read is replaced all the same: a new one is how that is mended. */
function readAsFarAsPossible(text: string | undefined): { published?: Roster; remark?: string } {
  try {
    return text === undefined ? {} : { published: parseRoster(text, ROSTER_KEY) };
  } catch {
    return {
      remark: `What was published before could not be read, and what it held besides the file is gone: limits that doctors had set
for a patient have to be set again, and shifts that were swapped to be swapped again.`,
    };
  }
}

/** The roster that is published. Throws InputError when none is. */
export async function publishedRoster(target: RosterBucket): Promise<Roster> {
  return parsed(target, (await storedIn(target))?.text);
}

function parsed({ bucket }: RosterBucket, text: string | undefined): Roster {
  if (text === undefined) throw new InputError(`${bucket}: no roster is published`);
  return parseRoster(text, ROSTER_KEY);
}

/** Changes the roster that is published, and gives it. Throws InputError when none is. */
export async function changePublished(
  target: RosterBucket,
  change: (published: Roster) => Roster,
): Promise<Roster> {
  return replace(target, (text) => change(parsed(target, text)));
}

/** Of so many people at once each is in time, and more than so many are a fault. */
const MOST_ATTEMPTS = 5;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html: another one was written, or is being. */
const otherWasFirst = ['PreconditionFailed', 'ConditionalRequestConflict'];

/** Puts `next` of what is published, undefined when nothing is; when somebody else was first, `next` of theirs. */
async function replace(
  target: RosterBucket,
  next: (text: string | undefined) => Roster,
  attempt = 1,
): Promise<Roster> {
  const { bucket, s3 } = target;
  const stored = await storedIn(target);
  const text = JSON.stringify(next(stored?.text));
  const roster = parseRoster(text, ROSTER_KEY);
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: ROSTER_KEY,
        Body: text,
        ContentType: 'application/json',
        ...(stored ? { IfMatch: stored.etag } : { IfNoneMatch: '*' }),
      }),
    );
  } catch (error) {
    if (attempt >= MOST_ATTEMPTS || !otherWasFirst.includes((error as Error).name)) throw error;
    return replace(target, next, attempt + 1);
  }
  return roster;
}

async function storedIn({ s3, bucket }: RosterBucket) {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: ROSTER_KEY }));
    return { text: (await Body?.transformToString()) ?? '', etag: ETag };
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Throws InputError for a secret that holds nothing. */
export async function pepperIn(target: RosterTarget): Promise<string> {
  return pepperOf(await rootKeyIn(target));
}

/** Likewise. */
export async function rootKeyIn({
  secretsManager,
  secretArn,
}: Pick<RosterTarget, 'secretsManager' | 'secretArn'>): Promise<string> {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn }));
  if (!SecretString) throw new InputError(`${secretArn}: not a secret of Vigil's`);
  return SecretString;
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
