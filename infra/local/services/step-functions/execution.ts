/**
 * The life of an execution, from its start to one of four ends.
 *
 * - SUCCEEDED, FAILED, TIMED_OUT (the definition's TimeoutSeconds) or ABORTED (StopExecution); once it has ended nothing
 *   of it acts. https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 * - EventBridge is told of the start and of the end; a member without a value is null.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 * - At 25,000 events the execution fails with `States.Runtime`.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
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
  if (interrupted) execution.life.end();
  execution.history.close(execution.thread, endEvents[status], end);
  execution.life.end();
  tellEventBridge(engine, execution);
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
    history: new History(now, (event) => {
      onEvent(execution, event);
      if (event.id === maximumEvents - 1)
        finish(engine, execution, 'FAILED', {
          error: 'States.Runtime',
          cause: `The execution reached the maximum number of history events (${maximumEvents}).`,
        });
    }),
    life: new Life(account.clock),
    thread: { last: 0 },
  };
  const { history, life, thread } = execution;
  history.add(thread, 'ExecutionStarted', {
    input,
    roleArn: machine.roleArn,
  });
  tellEventBridge(engine, execution);
  const { TimeoutSeconds } = machine.definition;
  if (TimeoutSeconds !== undefined)
    life.after(TimeoutSeconds * 1000, () =>
      finish(engine, execution, 'TIMED_OUT', {
        error: 'States.Timeout',
        cause: `The execution ran longer than ${TimeoutSeconds} seconds.`,
      }),
    );
  life
    .hold(() => runGraph(engine, execution, machine.definition, input, { life, thread, variables: {} }))
    .then(
      (output) => finish(engine, execution, 'SUCCEEDED', { output }),
      (failed) => {
        if (!(failed instanceof StateError)) throw failed;
        finish(engine, execution, 'FAILED', { error: failed.error, cause: failed.reason });
      },
    );
  return execution;
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
    redriveCount: 0,
  };
}
