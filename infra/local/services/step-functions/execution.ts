/**
 * The life of an execution, from its start to one of four ends.
 *
 * - SUCCEEDED, FAILED, TIMED_OUT (the definition's TimeoutSeconds) or ABORTED (StopExecution); once it has ended nothing
 *   of it acts. https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 * - EventBridge is told of the start and of the end; a member without a value is null.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 * - A redrive, within 14 days of the end, goes on in the state that failed or was stopped, with its input, the same
 *   variables, definition and name, and the whole of TimeoutSeconds again. Every task begins anew, with a new token.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 * - At 25,000 events the execution fails with `States.Runtime`.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
import { AwsError } from '../../engine/aws-error.ts';
import type { Payload, Service } from '../../engine/service.ts';
import { StateError } from './errors.ts';
import { History, maximumEvents } from './history.ts';
import { runGraph } from './interpreter.ts';
import { Life } from './life.ts';
import type { Engine, Execution, StateMachine } from './visit.ts';

type EventBus = Service & { emit(event: Payload): void };

type End = Pick<Execution, 'output' | 'error' | 'cause'>;

const endEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

function tellEventBridge({ account, random }: Engine, execution: Execution): void {
  const { executionArn, machine, name, status, startDate, input, output } = execution;
  account.service<EventBus>('events')?.emit({
    version: '0',
    id: random.bytes(16).toString('hex'),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: account.accountId,
    time: new Date(account.clock.now()).toISOString(),
    region: account.region,
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate,
      stopDate: execution.stopDate ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  });
}

/** Ends an execution; one that has ended stays as it is. */
export function finish(
  engine: Engine,
  execution: Execution,
  status: Exclude<Execution['status'], 'RUNNING'>,
  end: End,
): void {
  if (execution.status !== 'RUNNING') return;
  Object.assign(execution, end, { status, stopDate: engine.account.clock.now() });
  const interrupted = status === 'ABORTED' || status === 'TIMED_OUT';
  const { life, thread } = execution.scope;
  if (interrupted) life.end();
  execution.history.close(thread, endEvents[status], end);
  life.end();
  tellEventBridge(engine, execution);
}

/** Goes through the states from where the execution is until it ends; its time begins now. */
function run(engine: Engine, execution: Execution): void {
  const { machine, scope, at } = execution;
  const { TimeoutSeconds } = machine.definition;
  if (TimeoutSeconds !== undefined)
    scope.life.after(TimeoutSeconds * 1000, () =>
      finish(engine, execution, 'TIMED_OUT', {
        error: 'States.Timeout',
        cause: `The execution ran longer than ${TimeoutSeconds} seconds.`,
      }),
    );
  const graph = { ...machine.definition, StartAt: at.name };
  scope.life
    .hold(() => runGraph(engine, execution, graph, at.input, scope))
    .then(
      (output) => finish(engine, execution, 'SUCCEEDED', { output }),
      (failed) => {
        if (!(failed instanceof StateError)) throw failed;
        finish(engine, execution, 'FAILED', { error: failed.error, cause: failed.reason });
      },
    );
}

/** Starts an execution; `onEvent` hears of every event of its history. */
export function begin(
  engine: Engine,
  machine: StateMachine,
  name: string,
  input: string,
  onEvent: (execution: Execution, event: History['events'][number]) => void,
): Execution {
  const { account } = engine;
  const now = () => account.clock.now();
  const execution: Execution = {
    executionArn: `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`,
    name,
    machine,
    input,
    startDate: now(),
    status: 'RUNNING',
    redriveCount: 0,
    at: { name: machine.definition.StartAt, input },
    history: new History(now, (event) => {
      onEvent(execution, event);
      if (event.id === maximumEvents - 1)
        finish(engine, execution, 'FAILED', {
          error: 'States.Runtime',
          cause: `The execution reached the maximum number of history events (${maximumEvents}).`,
        });
    }),
    scope: { life: new Life(account.clock), thread: { last: 0 }, variables: {} },
  };
  execution.history.add(execution.scope.thread, 'ExecutionStarted', {
    input,
    roleArn: machine.roleArn,
  });
  tellEventBridge(engine, execution);
  run(engine, execution);
  return execution;
}

const redrivableMs = 14 * 24 * 60 * 60 * 1000;

/** Goes on with an execution that ended badly. Of a Map under way AWS keeps the iterations that succeeded: not modelled. */
export function redriveExecution(engine: Engine, execution: Execution): void {
  const { machine, status, stopDate = 0, history, scope, at } = execution;
  const { clock } = engine.account;
  const over = status === 'RUNNING' || status === 'SUCCEEDED' || stopDate + redrivableMs <= clock.now();
  if (over || history.events.length >= maximumEvents - 1)
    throw new AwsError('ExecutionNotRedrivable', `Execution is not redrivable: '${execution.executionArn}'`);
  if (machine.definition.States[at.name]?.Type === 'Map')
    throw new Error('A redrive of a Map is not modelled');
  for (const ended of ['stopDate', 'error', 'cause'] as const) delete execution[ended];
  execution.status = 'RUNNING';
  execution.redriveCount++;
  scope.life = new Life(clock);
  history.reopen(scope.thread, 'ExecutionRedriven', { redriveCount: execution.redriveCount });
  tellEventBridge(engine, execution);
  run(engine, execution);
}

/** An execution as DescribeExecution gives it. */
export function description(execution: Execution): Payload {
  const { executionArn, machine, name, status, startDate, stopDate } = execution;
  const { input, output, error, cause } = execution;
  const included = { included: true };
  return {
    executionArn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: new Date(startDate),
    ...(stopDate !== undefined && { stopDate: new Date(stopDate) }),
    input,
    inputDetails: included,
    ...(output !== undefined && { output, outputDetails: included }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    redriveCount: execution.redriveCount,
  };
}
