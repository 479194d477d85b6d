/**
 * One attempt of a Task state: what AWS does for the workflow, as the workflow's role.
 *
 * - `lambda:invoke` gives ExecutedVersion, Payload and StatusCode; an error of the function fails the task with the
 *   error's type, `Lambda.Unknown` without one. https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 * - `.waitForTaskToken` waits for SendTaskSuccess or SendTaskFailure, which may come before the call has returned; a call
 *   that fails, fails the task at once. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 * - `.sync` of Athena waits until the query has ended and gives its metadata, not its rows; a failed query is
 *   `States.TaskFailed`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
 * - Errors of a service are `<Service>.<Name>Exception`. https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
 * - TimeoutSeconds runs from TaskScheduled and ends in `States.Timeout`; without it a task may take 99,999,999 seconds.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
import { AwsError, type Caller, type Payload } from '../../service.ts';
import { maximumSeconds, type TaskState } from './definition.ts';
import { StateError, stateData } from './errors.ts';
import type { Json } from './expressions.ts';
import { Life } from './life.ts';
import { field, seconds, type Visit } from './visit.ts';

type Attempt = {
  call(service: string, operation: string, input: Payload): Promise<Payload>;
  sleep(milliseconds: number): Promise<void>;
  /** Records that the service has taken the work. */
  submitted(output: Json): void;
};

type Integration = {
  resourceType: string;
  resource: string;
  run(args: Payload, attempt: Attempt): Promise<Json>;
};

/** Step Functions does not say how often it looks at a query; a second is well below any that we run. */
const queryPollMs = 1000;

/** What each service calls itself in error names, and what a missing permission is called there. */
const serviceNames: Record<string, { prefix: string; accessDenied: string }> = {
  lambda: { prefix: 'Lambda', accessDenied: 'AWSLambdaException' },
  athena: { prefix: 'Athena', accessDenied: 'AmazonAthenaException' },
  sns: { prefix: 'SNS', accessDenied: 'AuthorizationErrorException' },
};

function serviceError(service: string, error: unknown): unknown {
  const names = serviceNames[service];
  if (!(error instanceof AwsError) || !names) return error;
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
  'arn:aws:states:::sns:publish': {
    resourceType: 'sns',
    resource: 'publish',
    run: (args, { call }) => call('sns', 'Publish', args),
  },
};

/** Runs one attempt; gives the task's result or throws StateError. */
export async function attemptTask(state: TaskState, visit: Visit): Promise<Json> {
  const { account, tokens } = visit.engine;
  const { history, machine } = visit.execution;
  const { thread } = visit.scope;
  const { resourceType, resource, run } = integrations[state.Resource];
  if (resource.endsWith('.waitForTaskToken')) visit.token = tokens.issue();
  const token = visit.token;
  const timeoutSeconds = await seconds(visit, 'TimeoutSeconds', state.TimeoutSeconds ?? maximumSeconds, 1);
  const args = await field(visit, 'Arguments', state.Arguments as Json);
  const parameters = stateData(args, `The input of the task '${visit.name}'`);
  const caller: Caller = { name: machine.name, roleArn: machine.roleArn };
  const about = { resourceType, resource };

  history.add(thread, 'TaskScheduled', {
    ...about,
    region: account.region,
    parameters,
    ...(state.TimeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
  });
  history.add(thread, 'TaskStarted', about);

  const life = new Life(account.clock, visit.scope.life);
  return new Promise((resolve, reject) => {
    /** The first to come ends the attempt; whatever else is on its way is ignored. */
    const end = (
      type: 'TaskSucceeded' | 'TaskFailed' | 'TaskTimedOut',
      details: Payload,
      settle: () => void,
    ) => {
      if (!life.alive) return;
      life.end();
      history.add(thread, type, { ...about, ...details });
      settle();
    };
    const fail = (error: StateError) =>
      end('TaskFailed', { error: error.error, cause: error.reason }, () => reject(error));
    const checked = (value: Json, then: (output: string) => void) => {
      try {
        then(stateData(value, `The result of the task '${visit.name}'`));
      } catch (error) {
        fail(error as StateError);
      }
    };
    const succeed = (value: Json) =>
      checked(value, (output) =>
        end('TaskSucceeded', { output, outputDetails: { truncated: false } }, () => resolve(value)),
      );

    if (token !== undefined) {
      tokens.open(token, { succeed, fail });
      life.onEnd(() => tokens.close(token));
    }
    life.after(timeoutSeconds * 1000, () =>
      end('TaskTimedOut', { error: 'States.Timeout' }, () => reject(new StateError('States.Timeout', ''))),
    );
    const attempt: Attempt = {
      sleep: (milliseconds) => life.sleep(milliseconds),
      submitted: (value) =>
        checked(value, (output) =>
          history.add(thread, 'TaskSubmitted', { ...about, output, outputDetails: { truncated: false } }),
        ),
      call: (service, operation, input) =>
        life.hold(() =>
          account.call(caller, service, operation, input).catch((error) => {
            throw serviceError(service, error);
          }),
        ),
    };
    run(args, attempt).then(succeed, (error) => {
      if (!(error instanceof StateError)) throw error;
      fail(error);
    });
  });
}
