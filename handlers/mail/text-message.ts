/** A text message to a telephone, beside the mail that says the same. */
import { visible } from '../naming/one-line.ts';

/** One text message, as long as all of its characters are of GSM's basic alphabet (3GPP TS 23.038). */
export const SMS_CHARACTERS = 160;
/** Signs of ASCII that take two places there, or are not there and would halve the length. */
const NOT_GSM: Record<string, string> = {
  '[': '(',
  '{': '(',
  ']': ')',
  '}': ')',
  '`': "'",
  '~': '-',
  '|': '/',
  '\\': '/',
  '^': '?',
};

/** What one text message holds. */
export function cleanText(text: string): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  const gsm = line.replace(/[^\x20-\x7e]/g, '?').replace(/[[\]{}`~|\\^]/g, (sign) => NOT_GSM[sign] as string);
  return gsm.slice(0, SMS_CHARACTERS) || 'Vigil';
}

/** The subscriptions of telephones take only what was written for them: whatever else a topic is sent may hold a link. */
export const ONLY_TEXTS = { sms: ['yes'] };

/** One publication for mailbox and telephone (SNS, Publish). Without its type SNS may take a text for an advertisement, and delay it. */
export function withText(message: string, sms: string) {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    Message: JSON.stringify({ default: message, sms }),
    MessageStructure: 'json',
    MessageAttributes: { sms: attribute('yes'), 'AWS.SNS.SMS.SMSType': attribute('Transactional') },
  };
}
