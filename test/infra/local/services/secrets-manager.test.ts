/** Conformance with https://docs.aws.amazon.com/secretsmanager/latest/ (pages named by each test). */
import { beforeEach, expect, test } from 'vitest';
import type { Payload } from '../../../../infra/local/engine/service.ts';
import { secretsManager } from '../../../../infra/local/services/secrets-manager.ts';
import { type FakeAccount, fakeAccount, operator } from '../fake-account.ts';

const properties = {
  Name: 'answers',
  GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 },
};

let account: FakeAccount;
let arn: string;

beforeEach(() => {
  account = fakeAccount();
  account.add(secretsManager);
  arn = account.create('AWS::SecretsManager::Secret', 'Secret', properties).ref;
});

const value = (input: Payload) =>
  account.done(account.call(operator, 'secrets-manager', 'GetSecretValue', input));

test('getting-started: the ARN ends in six random characters, and Ref gives it', () => {
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-2:111122223333:secret:answers-[A-Za-z0-9]{6}$/);
});

test('aws-properties-secretsmanager-secret-generatesecretstring: letters and digits, as many as asked for', async () => {
  expect((await value({ SecretId: arn })).SecretString).toMatch(/^[A-Za-z0-9]{64}$/);
});

test('API_GetSecretValue: by ARN or by name', async () => {
  const byArn = await value({ SecretId: arn });
  expect(await value({ SecretId: 'answers' })).toEqual(byArn);
  expect(byArn).toMatchObject({ ARN: arn, Name: 'answers' });
});

test('API_GetSecretValue: a secret that is not there is ResourceNotFoundException', async () => {
  await expect(value({ SecretId: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('Service Authorization Reference: the secret is asked for by its ARN, also when it is named', async () => {
  await value({ SecretId: 'answers' });
  expect(account.asked).toEqual([{ action: 'secretsmanager:GetSecretValue', resource: arn }]);
  account.denied.add('secretsmanager:GetSecretValue');
  await expect(value({ SecretId: 'none' })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(account.asked.at(-1)?.resource).toBe('none');
});

test('the same seed generates the same secret, another secret another', async () => {
  const again = fakeAccount();
  again.add(secretsManager);
  expect(again.create('AWS::SecretsManager::Secret', 'Secret', properties).ref).toBe(arn);
  const other = account.create('AWS::SecretsManager::Secret', 'Other', { ...properties, Name: 'other' }).ref;
  const [one, two] = [await value({ SecretId: arn }), await value({ SecretId: other })];
  expect(one.SecretString).not.toBe(two.SecretString);
});

test('a version that is asked for, and a template around the string, are refused by name', async () => {
  await expect(value({ SecretId: arn, VersionStage: 'AWSPREVIOUS' })).rejects.toThrow('VersionStage');
  const templated = { ...properties.GenerateSecretString, SecretStringTemplate: '{}' };
  expect(() =>
    account.create('AWS::SecretsManager::Secret', 'T', { ...properties, GenerateSecretString: templated }),
  ).toThrow('SecretStringTemplate');
});
