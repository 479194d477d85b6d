/**
 * Text messages to telephones: subscriptions of a clinician's topic beside the mail's, which need no confirmation
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html).
 */
import { CheckIfPhoneNumberIsOptedOutCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { ONLY_TEXTS } from '../../mail/text-message.ts';
import { errorName, logger } from '../../runtime/logger.ts';
import { snsClient } from '../clients.ts';

/** False when SNS takes no such subscription (somebody who opted out, an account whose texts are limited): mail goes on. */
export async function subscribePhone(topicArn: string, phone: string): Promise<boolean> {
  try {
    const Attributes = { FilterPolicy: JSON.stringify(ONLY_TEXTS) };
    const how = { TopicArn: topicArn, Protocol: 'sms', Endpoint: phone, Attributes };
    await snsClient().send(new SubscribeCommand(how));
    return true;
  } catch (error) {
    logger.warn('phone-not-subscribed', { topicArn, error: errorName(error) });
    return false;
  }
}

/** True when whoever carries it has told SNS to send no more; what cannot be looked up is not known to be so. */
export async function isOptedOut(phone: string): Promise<boolean> {
  try {
    const command = new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: phone });
    return (await snsClient().send(command)).isOptedOut === true;
  } catch (error) {
    logger.warn('phone-not-checked', { error: errorName(error) });
    return false;
  }
}
