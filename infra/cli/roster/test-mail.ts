/** `npm run roster -- test`: a mail to one clinician, on the road that pages take, which cannot be taken for a page. */
import {
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import { withText } from '../../../handlers/mail/text-message.ts';
import { InputError } from '../../input-error.ts';

const SUBJECT = 'TEST of Vigil: no patient, nothing to do';
const MESSAGE = `This is a test. It is about no patient, it has no link, and nobody waits for an answer.

That you read it proves that mail of Vigil reaches this mailbox. Please tell whoever asked for the test. Look, too, whether
your phone made a sound: a page comes from the same sender, and asks for an answer by a link.

When a test was announced and did not come: look among junk mail, put no-reply@sns.amazonaws.com on the list of allowed
senders, and tell whoever asked for it. Until then you cannot be paged, so somebody else should be on call.`;

/** Publishes it; throws InputError when nobody would get it. `topics` is what the ARNs of clinicians' topics begin with. */
export async function sendTestMail(
  clinicianId: string,
  topics: string,
  sns: Pick<SNSClient, 'send'>,
): Promise<string> {
  const TopicArn = `${topics}${clinicianId}`;
  if (!(await hasConfirmed(TopicArn, sns)))
    throw new InputError(
      `${clinicianId}: nobody has confirmed the subscription, so no mail is sent. Confirm its newest mail: npm run roster -- confirm LINK`,
    );
  await sns.send(new PublishCommand({ TopicArn, Subject: SUBJECT, ...withText(MESSAGE, SUBJECT) }));
  return `${clinicianId}: a test mail is on its way. It proves nothing until ${clinicianId} says that it came.`;
}

async function hasConfirmed(TopicArn: string, sns: Pick<SNSClient, 'send'>): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await subscriptionsOf({ TopicArn, ...(NextToken && { NextToken }) }, sns);
    // Pending and deleted ones have a word in place of their ARN; a telephone's proves no mailbox.
    const isMail = ({ SubscriptionArn = '', Protocol }: Subscription) =>
      SubscriptionArn.startsWith('arn:') && Protocol !== 'sms';
    if (page.Subscriptions?.some(isMail)) return true;
    NextToken = page.NextToken;
  } while (NextToken);
  return false;
}

async function subscriptionsOf(
  input: { TopicArn: string; NextToken?: string },
  sns: Pick<SNSClient, 'send'>,
) {
  try {
    return await sns.send(new ListSubscriptionsByTopicCommand(input));
  } catch (error) {
    if (!/NotFound/.test((error as Error).name)) throw error;
    throw new InputError(`${input.TopicArn}: no such topic; is the ID right, and the roster published?`);
  }
}
