import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wake } from '../../../handlers/aws/workflow.ts';
import { silence } from '../../local-aws.ts';
import { AlertingAws } from '../alert/alerting-aws.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
});
afterEach(() => vi.restoreAllMocks());

test('a task that cannot be woken is nobody’s error: it waits no more, or AWS stays silent', async () => {
  await wake('token-1');
  aws.before = () => silence();
  await wake('token-1');
  expect(aws.calls).toEqual(['SendTaskSuccess token-1', 'SendTaskSuccess token-1']);
});
