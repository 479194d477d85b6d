/**
 * One attempt of a Task state: what AWS does for the workflow, as the workflow's role.
 *
 * - `lambda:invoke` gives ExecutedVersion, Payload and StatusCode; an error of the function fails the task with the
 *   error's type, `Lambda.Unknown` without one. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 * - `.waitForTaskToken` waits for SendTaskSuccess, which may come before the call has returned; a call
 *   that fails, fails the task at once. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 * - `.sync` of Athena waits until the query has ended and gives its metadata, not its rows; a failed query is
 *   `States.TaskFailed`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
 * - Errors of a service are `<Service>.<Name>Exception`. https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
 * - TimeoutSeconds runs from TaskScheduled and ends in `States.Timeout`; without it a task may take 99,999,999 seconds,
 *   longer than anything here lasts. The query of a task that is stopped or timed out goes on.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
import { AwsError } from '../../engine/aws-error.ts';
import type { Caller, Payload } from '../../engine/service.ts';
import type { TaskState } from './definition.ts';
import { StateError, stateData } from './errors.ts';
import type { Json } from './expressions.ts';
import type { HistoryEvent } from './history.ts';
import { Life } from './life.ts';
import { field, secondsOf, type Visit } from './visit.ts';

type Attempt = {
  call(service: string, operation: string, input: Payload): Promise<Payload>;
  sleep(milliseconds: number): Promise<void>;
  /** Records that the service has taken the work. */
  submitted(output: Json): void;
};

type Integration = {
  resourceType: string;
  resource: string;
  /** For a token, whatever the call gives. */
  waits?: true;
  run(args: Payload, attempt: Attempt): Promise<Json>;
};

/** Step Functions does not say how often it looks at a query; a second is well below any that we run. */
const queryPollMs = 1000;

/** What each service calls itself in error names, and what a missing permission is called there. */
const serviceNames: Record<string, { prefix: string; accessDenied: string }> = {
  lambda: { prefix: 'Lambda', accessDenied: 'AWSLambdaException' },
  athena: { prefix: 'Athena', accessDenied: 'AmazonAthenaException' },
};

/** The failure as the state machine names it; what is no answer of a service is a fault of ours and stays loud. */
function serviceError(service: string, error: unknown): StateError {
  if (error instanceof StateError) return error;
  const names = serviceNames[service];
  if (!(error instanceof AwsError) || !names) throw error;
  // The connection was lost, and nobody knows whether the function ran: the documented name for it.
  if (service === 'lambda' && error.name === 'TimeoutError')
    return new StateError('Lambda.SdkClientException', error.message);
  const exception = error.name.replace(/(Exception)?$/, 'Exception');
  const name = error.name === 'AccessDeniedException' ? names.accessDenied : exception;
  return new StateError(`${names.prefix}.${name}`, error.message);
}

async function invoke({ FunctionName, Payload }: Payload, { call }: Attempt): Promise<Json> {
  const answer = await call('lambda', 'Invoke', { FunctionName, Payload: JSON.stringify(Payload) });
  const text = typeof answer.Payload === 'string' ? answer.Payload : Buffer.from(answer.Payload).toString();
  const payload = JSON.parse(text);
  if (answer.FunctionError) throw new StateError(payload.errorType ?? 'Lambda.Unknown', text);
  return {
    ExecutedVersion: answer.ExecutedVersion ?? '$LATEST',
    Payload: payload,
    StatusCode: answer.StatusCode,
  };
}

async function query(args: Payload, { call, sleep, submitted }: Attempt): Promise<Json> {
  const { QueryExecutionId } = await call('athena', 'StartQueryExecution', args);
  submitted({ QueryExecutionId });
  for (;;) {
    await sleep(queryPollMs);
    const answer = await call('athena', 'GetQueryExecution', { QueryExecutionId });
    const text = JSON.stringify(answer.QueryExecution);
    const state = answer.QueryExecution.Status.State;
    if (state === 'SUCCEEDED') return { QueryExecution: JSON.parse(text) };
    if (state === 'FAILED' || state === 'CANCELLED') throw new StateError('States.TaskFailed', text);
  }
}

const integrations: Record<TaskState['Resource'], Integration> = {
  'arn:aws:states:::lambda:invoke': { resourceType: 'lambda', resource: 'invoke', run: invoke },
  'arn:aws:states:::lambda:invoke.waitForTaskToken': {
    resourceType: 'lambda',
    resource: 'invoke.waitForTaskToken',
    waits: true,
    async run(args, attempt) {
      attempt.submitted(await invoke(args, attempt));
      return new Promise(() => {});
    },
  },
  'arn:aws:states:::athena:startQueryExecution.sync': {
    resourceType: 'athena',
    resource: 'startQueryExecution.sync',
    run: query,
  },
};

/** Runs one attempt; gives the task's result or throws StateError. */
export async function attemptTask(state: TaskState, visit: Visit): Promise<Json> {
  const { account, tokens } = visit.engine;
  const { history, machine } = visit.execution;
  const { thread } = visit.scope;
  const { resourceType, resource, waits, run } = integrations[state.Resource];
  if (waits) visit.token = tokens.issue();
  const { token } = visit;
  const timeoutInSeconds =
    state.TimeoutSeconds && (await secondsOf(visit, 'TimeoutSeconds', state.TimeoutSeconds, 1));
  const args = await field(visit, 'Arguments', state.Arguments as Json);
  const parameters = stateData(args, `The input of the task '${visit.name}'`);
  const caller: Caller = { name: machine.name, roleArn: machine.roleArn };
  const about = { resourceType, resource };
  const add = (type: HistoryEvent['type'], details: Payload) =>
    history.add(thread, type, { ...about, ...details });

  const timeout = timeoutInSeconds ? { timeoutInSeconds } : {};
  add('TaskScheduled', { region: account.region, parameters, ...timeout });
  add('TaskStarted', {});

  const life = new Life(account.clock, visit.scope.life);
  return new Promise((resolve, reject) => {
    /** The first to come ends the attempt; whatever else is on its way is ignored. */
    const end = (type: HistoryEvent['type'], details: Payload, settle: () => void) => {
      if (!life.alive) return;
      life.end();
      add(type, details);
      settle();
    };
    const fail = (error: StateError) =>
      end('TaskFailed', { error: error.error, cause: error.reason }, () => reject(error));
    const withText = (value: Json, then: (output: string) => void) => {
      let output: string;
      try {
        output = stateData(value, `The result of the task '${visit.name}'`);
      } catch (error) {
        return fail(error as StateError);
      }
      then(output);
    };
    const succeed = (value: Json) =>
      withText(value, (output) => end('TaskSucceeded', { output }, () => resolve(value)));
    const timeOut = () =>
      end('TaskTimedOut', { error: 'States.Timeout' }, () => reject(new StateError('States.Timeout', '')));

    if (token !== undefined) {
      tokens.open(token, succeed);
      life.onEnd(() => tokens.close(token));
    }
    if (timeoutInSeconds) life.after(timeoutInSeconds * 1000, timeOut);
    const attempt: Attempt = {
      sleep: (milliseconds) => life.sleep(milliseconds),
      submitted: (value) => life.alive && withText(value, (output) => add('TaskSubmitted', { output })),
      call: (service, operation, input) => life.hold(() => account.call(caller, service, operation, input)),
    };
    run(args, attempt).then(succeed, (error) => fail(serviceError(resourceType, error)));
  });
}
