/** IAM statements, said briefly: which actions on which resources. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export function allow(actions: readonly string[], ...resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources });
}
