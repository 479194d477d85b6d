/**
 * AWS KMS: keys exist and have names. What a caller needs of them (kms:Decrypt and its like) is implied by calls to other
 * services and is checked on the template. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
import { z } from 'zod';
import { inert } from '../engine/inert.ts';
import { resourcePolicy } from '../engine/policy.ts';
import { type Account, resource, type Service } from '../engine/service.ts';

const keyProperties = z.strictObject({
  Description: inert('prose', z.string()),
  EnableKeyRotation: z.literal(true),
  KeyPolicy: inert('who may use the key is checked on the template', resourcePolicy),
});
const aliasProperties = z.strictObject({
  AliasName: z.string(),
  TargetKeyId: inert('nobody here goes by the alias', z.string()),
});

export function kms(account: Account): Service {
  return {
    id: 'kms',
    operations: {},
    resources: {
      'AWS::KMS::Key': resource(keyProperties, ({ logicalId }) => {
        const arn = `arn:aws:kms:${account.region}:${account.accountId}:key/${logicalId}`;
        return { ref: logicalId, attributes: { Arn: arn } };
      }),
      'AWS::KMS::Alias': {
        properties: aliasProperties,
        create: ({ properties }) => ({ ref: properties.AliasName }),
      },
    },
  };
}
