/**
 * AWS Secrets Manager: secrets that the template generates, from the account's seeded randomness.
 *
 * - GenerateSecretString without a template gives a plain string of PasswordLength characters.
 *   https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-secret-generatesecretstring.html
 * - GetSecretValue takes the ARN or the name. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * - PutSecretValue makes the given string the current one. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
import { z } from 'zod';
import { AwsError } from '../engine/aws-error.ts';
import { inert } from '../engine/inert.ts';
import { type Account, resource, type Service } from '../engine/service.ts';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const secretProperties = z.strictObject({
  Name: z.string(),
  Description: inert('prose', z.string().optional()),
  GenerateSecretString: z.strictObject({ ExcludePunctuation: z.literal(true), PasswordLength: z.number() }),
  KmsKeyId: inert('encryption at rest changes nothing that a caller sees', z.string().optional()),
});

export function secretsManager(account: Account): Service {
  const secrets = new Map<string, { arn: string; name: string; value: string }>();
  const random = account.random('secrets');
  const find = (id: string) => [...secrets.values()].find(({ arn, name }) => arn === id || name === id);
  return {
    id: 'secrets-manager',
    operations: {
      GetSecretValue: {
        options: ['SecretId'],
        permissions: ({ SecretId }) => [
          { action: 'secretsmanager:GetSecretValue', resource: find(SecretId)?.arn ?? SecretId },
        ],
        run(input) {
          const found = find(input.SecretId);
          if (!found)
            throw new AwsError(
              'ResourceNotFoundException',
              "Secrets Manager can't find the specified secret.",
            );
          return { ARN: found.arn, Name: found.name, SecretString: found.value };
        },
      },
      PutSecretValue: {
        options: ['SecretId', 'SecretString'],
        permissions: ({ SecretId }) => [
          { action: 'secretsmanager:PutSecretValue', resource: find(SecretId)?.arn ?? SecretId },
        ],
        run({ SecretId, SecretString }) {
          const found = find(SecretId);
          if (!found)
            throw new AwsError(
              'ResourceNotFoundException',
              "Secrets Manager can't find the specified secret.",
            );
          found.value = SecretString;
          return { ARN: found.arn, Name: found.name };
        },
      },
    },
    resources: {
      'AWS::SecretsManager::Secret': resource(secretProperties, ({ properties }) => {
        const suffix = Array.from({ length: 6 }, () => alphanumeric[random.below(alphanumeric.length)]).join(
          '',
        );
        const arn = `arn:aws:secretsmanager:${account.region}:${account.accountId}:secret:${properties.Name}-${suffix}`;
        const { PasswordLength } = properties.GenerateSecretString;
        const value = Array.from(
          { length: PasswordLength },
          () => alphanumeric[random.below(alphanumeric.length)],
        ).join('');
        secrets.set(arn, { arn, name: properties.Name, value });
        return { ref: arn, attributes: { Id: arn } };
      }),
    },
  };
}
