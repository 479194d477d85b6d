/** Asynchronous invocation: tried again where it fails or finds no room, then given to the on-failure destination. */
import { deliver } from '../../engine/delivery.ts';
import type { Account, Payload } from '../../engine/service.ts';
import { deadLetter } from '../sqs.ts';
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
  if (fn.failureQueueArn) await bury(account, fn, fn.failureQueueArn, payload, answers);
}

async function bury(
  account: Account,
  { name, arn, roleArn }: LambdaFunction,
  queueArn: string,
  payload: string,
  answers: Payload[],
): Promise<void> {
  const last = answers.at(-1);
  const body = {
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
  // A queue that refuses it is the end of it; the event log has the refusal.
  await account
    .call({ name, roleArn }, 'sqs', 'SendMessage', deadLetter(queueArn, JSON.stringify(body), {}))
    .catch(() => undefined);
}
