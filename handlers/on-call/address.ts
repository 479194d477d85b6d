/** How a clinician is reached: by a mail address as real mail systems have it, as far as AWS mails it, and by telephone. */
import { z } from 'zod';

/** RFC 5322's atoms with dots between them, and the letters of other scripts (RFC 6531). */
const PLAIN_NAME = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^([a-z0-9][a-z0-9-]*\.)+([a-z]{2,}|xn--[a-z0-9-]+)$/i;

/**
 * Without spaces around it, and the domain in ASCII: AWS wants a domain with other letters as punycode
 * (https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html). An ASCII domain stays as it is written: an
 * address that was spelled otherwise would have to be confirmed again.
 */
export const Address = z.string().transform((text, context) => {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  const [name, domain] = [address.slice(0, at), asciiDomain(address.slice(at + 1))];
  const problem = nameProblem(name, at) ?? (domain ? undefined : 'not a mail address: no domain after the @');
  if (problem === undefined) return `${name}@${domain}`;
  context.issues.push({ code: 'custom', message: problem, input: text });
  return z.NEVER;
});

/** As SNS takes it: E.164, with the country's code, without spaces. */
export const PhoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, "not a telephone number with + and the country's code, such as +447700900123");

function nameProblem(name: string, at: number): string | undefined {
  if (at < 0) return 'not a mail address: it has no @';
  if (name.startsWith('"')) return 'a name in quotation marks is not mailed everywhere: give a plain address';
  return PLAIN_NAME.test(name) ? undefined : 'not a mail address: what stands before the @ is no name';
}

function asciiDomain(domain: string): string | undefined {
  if (DOMAIN.test(domain)) return domain;
  // Nothing that a URL would take for a port, a path or a password.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return undefined;
  const ascii = URL.parse(`http://${domain}`)?.hostname ?? '';
  return DOMAIN.test(ascii) ? ascii : undefined;
}

/** Names that no mail server has (RFC 6761, RFC 6762): what stands in a file until the real address is known. */
const NOWHERE = /\.(invalid|localhost|local|test)$/i;
/** Longest name and longest address of SMTP (RFC 5321, 4.5.3.1). */
const NAME_CHARACTERS = 64;
const ADDRESS_CHARACTERS = 254;

/** Why mails will not reach an address although it is one; undefined when nothing speaks against it. */
export function unreachableBecause(address: string): string | undefined {
  const name = address.slice(0, address.lastIndexOf('@'));
  if (NOWHERE.test(address)) return 'no mail server has this domain, so nobody is reached by it';
  if (/[^\x21-\x7e]/.test(name))
    return 'AWS mails no letters beyond ASCII before the @, so nobody is reached by it';
  if (name.length > NAME_CHARACTERS || address.length > ADDRESS_CHARACTERS)
    return 'longer than mail servers take, so nobody is reached by it';
  return undefined;
}
