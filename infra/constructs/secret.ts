/** The one way a secret is made: CloudFormation generates it, and nobody has to choose, type or know it. */
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import type { Encryption } from './encryption.ts';
import { dataRemovalPolicy } from './removal.ts';

/** `vigil-<stage>-<name>`; it outlives the stack where data do, since hashes were made with it. */
export function generatedSecret(
  scope: Construct,
  { stage, encryption }: { stage: StageSettings; encryption: Encryption },
  id: string,
  name: string,
  description: string,
): CfnSecret {
  const secret = new CfnSecret(scope, id, {
    name: `vigil-${stage.name}-${name}`,
    description,
    kmsKeyId: encryption.data.keyArn,
    // 64 of 62 letters and digits are 381 bits: more than the 256 of the keys derived from it.
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  secret.applyRemovalPolicy(dataRemovalPolicy(stage));
  return secret;
}
