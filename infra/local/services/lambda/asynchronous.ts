/** Asynchronous invocation: tried again where it fails or finds no room, then given to the on-failure destination. */
import { deliver } from '../../engine/delivery.ts';
import type { Account, Payload } from '../../engine/service.ts';
import { bury } from '../sqs.ts';
import type { Invoke, LambdaFunction } from './invocation.ts';

/** Up to three attempts. */
export async function invokeLater(
  account: Account,
  invoke: Invoke,
  fn: LambdaFunction,
  payload: string,
): Promise<void> {
  const tooOldAt = account.clock.now() + fn.eventAgeSeconds * 1000;
  const attempts = Number.POSITIVE_INFINITY;
  const answers: Payload[] = [];
  for (const waitMs of [0, 60_000, 120_000]) {
    if (account.clock.now() + waitMs >= tooOldAt) break;
    await account.clock.sleep(waitMs);
    const invokes = async () => void answers.push(await invoke(fn, payload));
    const seconds = (tooOldAt - account.clock.now()) / 1000;
    if (await deliver(account.clock, invokes, { attempts, seconds })) break;
    if (!answers.at(-1).FunctionError) return;
  }
  if (!fn.failureQueueArn) return;
  const body = JSON.stringify(failureRecord(account, fn, payload, answers));
  await bury(account, { name: fn.name, roleArn: fn.roleArn }, fn.failureQueueArn, { body });
}

/** What the destination is told. */
function failureRecord(
  account: Account,
  { arn }: LambdaFunction,
  payload: string,
  answers: Payload[],
): Payload {
  const last = answers.at(-1);
  return {
    version: '1.0',
    timestamp: new Date(account.clock.now()).toISOString(),
    requestContext: {
      functionArn: `${arn}:$LATEST`,
      condition: answers.length === 3 ? 'RetriesExhausted' : 'EventAgeExceeded',
      approximateInvokeCount: answers.length,
    },
    requestPayload: JSON.parse(payload),
    ...(last && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: last.FunctionError },
      responsePayload: JSON.parse(last.Payload),
    }),
  };
}
