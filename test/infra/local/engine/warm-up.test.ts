import { createHook } from 'node:async_hooks';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { localSdk, warmUp } from '../../../../infra/local/engine/sdk.ts';

/** How many files were asked for while `work` ran: real time that the virtual clock does not know of. */
async function filesRead(work: () => Promise<unknown>): Promise<number> {
  let files = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'FSREQPROMISE' && files++) }).enable();
  await work();
  hook.disable();
  return files;
}

test('the SDK reads its files with its first call in a process, and never again', async () => {
  const { SFNClient } = localSdk('sfn', sfn, async () => ({})) as typeof sfn;
  const call = () => new SFNClient().send(new sfn.StartExecutionCommand({ stateMachineArn: 'arn' }));
  expect(await filesRead(() => warmUp(s3))).toBeGreaterThan(0);
  expect(await filesRead(call)).toBe(0);
});
