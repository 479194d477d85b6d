import { expect, test } from 'vitest';
import { resources } from '../template.ts';

function keyId(description: RegExp): string {
  return resources('AWS::KMS::Key').find(([, key]) => description.test(key.Description))?.[0] as string;
}
const data = { 'Fn::GetAtt': [keyId(/at rest/), 'Arn'] };
const messages = { 'Fn::GetAtt': [keyId(/notifications/), 'Arn'] };

/** Where each type of resource says by which key it is encrypted. */
const encryptedBy: Record<string, { key: unknown; at: string }> = {
  'AWS::Athena::WorkGroup': {
    key: data,
    at: 'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.KmsKey',
  },
  'AWS::DynamoDB::Table': { key: data, at: 'SSESpecification.KMSMasterKeyId' },
  'AWS::Kinesis::Stream': { key: data, at: 'StreamEncryption.KeyId' },
  'AWS::KinesisFirehose::DeliveryStream': {
    key: data,
    at: 'ExtendedS3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN',
  },
  'AWS::Logs::LogGroup': { key: data, at: 'KmsKeyId' },
  'AWS::SNS::Topic': { key: messages, at: 'KmsMasterKeyId' },
  'AWS::SecretsManager::Secret': { key: data, at: 'KmsKeyId' },
};

test.each(Object.entries(encryptedBy))('every %s is encrypted by its key', (type, { key, at }) => {
  const all = resources(type);
  expect(all.length).toBeGreaterThan(0);
  for (const [id, properties] of all) expect(properties, id).toHaveProperty(at, key);
});

test('keys are rotated', () => {
  for (const [id, key] of resources('AWS::KMS::Key')) expect(key.EnableKeyRotation, id).toBe(true);
});

test('every bucket is closed to the public, refuses plain HTTP and keeps versions; only the access logs are not under the data key', () => {
  const buckets = resources('AWS::S3::Bucket');
  expect(buckets).toHaveLength(3);
  for (const [id, bucket] of buckets) {
    expect(Object.values(bucket.PublicAccessBlockConfiguration), id).toEqual([true, true, true, true]);
    expect(bucket.VersioningConfiguration.Status, id).toBe('Enabled');
    const policy = resources('AWS::S3::BucketPolicy').find(([, { Bucket }]) => Bucket.Ref === id)?.[1];
    expect(policy.PolicyDocument.Statement, id).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    const [rule] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
    const byDefault = rule.ServerSideEncryptionByDefault;
    expect(byDefault, id).toEqual(
      /AccessLogs/.test(id) ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: data },
    );
  }
});

test('the services that alarms and logs come from may use a key, each only its own and only for Vigil', () => {
  const byService = (id: string) =>
    resources('AWS::KMS::Key')
      .find(([key]) => key === id)?.[1]
      .KeyPolicy.Statement.filter((s: { Principal: { Service?: unknown } }) => s.Principal.Service);
  const logs = byService(data['Fn::GetAtt'][0] as string);
  expect(logs).toHaveLength(1);
  expect(JSON.stringify(logs)).toContain('log-group:/aws/*/vigil-demo-*');
  const alarms = byService(messages['Fn::GetAtt'][0] as string);
  expect(alarms).toHaveLength(1);
  expect(alarms[0]).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
});
