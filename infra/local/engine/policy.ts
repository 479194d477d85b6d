/**
 * Policy documents as this template writes them, and how their patterns match. A policy that hangs on a resource is read
 * strictly, so that an element or a condition that nobody has thought about is an error at start.
 *
 * - `*` is any text and `?` any one character. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * - Every condition of a statement must hold. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
import { z } from 'zod';

export const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const resourceStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Principal: z.strictObject({ AWS: oneOrMore.optional(), Service: oneOrMore.optional() }),
  Resource: oneOrMore,
  Condition: z
    .strictObject({
      // Denies plain HTTP, which nothing here speaks.
      Bool: z.strictObject({ 'aws:SecureTransport': z.literal('false') }).optional(),
      StringEquals: z.strictObject({ 'aws:SourceAccount': z.string() }).optional(),
      ArnEquals: z.strictObject({ 'aws:SourceArn': z.string() }).optional(),
      ArnLike: z
        .strictObject({
          'aws:SourceArn': z.string().optional(),
          // Which log groups a key may encrypt; logs are not encrypted here.
          'kms:EncryptionContext:aws:logs:arn': z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});

export const resourcePolicy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(resourceStatement),
});
export type ResourcePolicy = z.infer<typeof resourcePolicy>;

const compiled = new Map<string, RegExp>();

/** Whether the text fits the pattern; `i` leaves the case aside, as for actions. */
export function matches(pattern: string, text: string, flags: '' | 'i' = ''): boolean {
  const key = `${flags}/${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.');
    // Any text, line breaks too.
    expression = new RegExp(`^${source}$`, `${flags}s`);
    compiled.set(key, expression);
  }
  return expression.test(text);
}

/** Whether the policy lets an AWS service of this account act on the resource, on behalf of the source. */
export function permitsService(
  policy: ResourcePolicy,
  asked: { service: string; action: string; resource: string; sourceArn: string },
): boolean {
  const fitting = policy.Statement.filter(
    ({ Action, Principal, Resource, Condition }) =>
      (Principal.Service?.includes(asked.service) || Principal.AWS?.includes('*')) &&
      Action.some((pattern) => matches(pattern, asked.action, 'i')) &&
      Resource.some((pattern) => matches(pattern, asked.resource)) &&
      !Condition?.Bool &&
      [Condition?.ArnEquals, Condition?.ArnLike].every((condition) =>
        matches(condition?.['aws:SourceArn'] ?? '*', asked.sourceArn),
      ),
  );
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}
