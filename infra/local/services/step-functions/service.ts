/**
 * AWS Step Functions, Standard workflows.
 *
 * - StartExecution is idempotent while the execution runs: same name and same input give the same answer. An ended
 *   execution or another input is ExecutionAlreadyExists; a name is free again 90 days after its execution ended. Names
 *   have 1 to 80 characters, none of white space, control characters or `<>{}[]?*"#%\^|~` and `` `$&,;:/ ``. The input
 *   is JSON of at most 262,144 bytes.
 *   https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 * - SendTaskSuccess: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 *   It has no resource type, so it is granted on `*`.
 *   https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
import { AwsError } from '../../engine/aws-error.ts';
import type { Account, Payload, Service } from '../../engine/service.ts';
import { maximumDataBytes } from './errors.ts';
import { begin, description, finish, redriveExecution } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import { stateMachineModel } from './state-machine.ts';
import { TaskTokens } from './tokens.ts';
import type { Engine, Execution, StateMachine } from './visit.ts';

export type { Execution };

export type StepFunctionsService = Service & {
  /** Every execution, the oldest first. */
  executions(): readonly Execution[];
  history(executionArn: string): readonly HistoryEvent[];
  /** Kills an execution where it stands, as StopExecution does. */
  stop(executionArn: string): void;
  /** Goes on with one that ended badly, as RedriveExecution does. */
  redrive(executionArn: string): void;
  /** Hears of every event of every history. */
  onEvent(listener: (execution: Execution, event: HistoryEvent) => void): void;
};

const nameReservedMs = 90 * 24 * 60 * 60 * 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be in a name
const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

function checkedName(name: string): string {
  if (name.length < 1 || name.length > 80 || forbiddenInNames.test(name))
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

function checkedJson(text: string, errorName: string): string {
  if (Buffer.byteLength(text) > maximumDataBytes)
    throw new AwsError(
      'ValidationException',
      `Value must have length less than or equal to ${maximumDataBytes}`,
    );
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError(errorName, 'The text is not JSON');
  }
  return text;
}

export function stepFunctions(account: Account): StepFunctionsService {
  const random = account.random('step-functions');
  const engine: Engine = { account, random, tokens: new TaskTokens(random) };
  const machines = new Map<string, StateMachine>();
  const executions: Execution[] = [];
  /** The latest execution of each name. */
  const byArn = new Map<string, Execution>();
  const listeners: ((execution: Execution, event: HistoryEvent) => void)[] = [];

  function onEvent(execution: Execution, event: HistoryEvent): void {
    const { type, id, details } = event;
    account.record({ source: 'sfn', what: type, execution: execution.name, id, state: details?.name });
    for (const listener of listeners) listener(execution, event);
  }

  function findMachine(arn: string): StateMachine {
    const machine = machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  function find(arn: string): Execution {
    const execution = byArn.get(arn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  function start({ stateMachineArn, name, input = '{}' }: Payload): Payload {
    const machine = findMachine(stateMachineArn);
    const chosen = checkedName(name ?? random.bytes(16).toString('hex'));
    checkedJson(input, 'InvalidExecutionInput');
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${chosen}`;
    const known = byArn.get(arn);
    const same = known?.status === 'RUNNING' && known.input === input;
    const free = known?.stopDate !== undefined && known.stopDate + nameReservedMs <= account.clock.now();
    if (known && !same && !free)
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    if (known && same) return { executionArn: arn, startDate: new Date(known.startDate) };
    const execution = begin(engine, machine, chosen, input, onEvent);
    executions.push(execution);
    byArn.set(arn, execution);
    return { executionArn: arn, startDate: new Date(execution.startDate) };
  }

  return {
    id: 'sfn',
    executions: () => executions,
    history: (executionArn) => find(executionArn).history.events,
    stop: (executionArn) => finish(engine, find(executionArn), 'ABORTED', {}),
    redrive: (executionArn) => redriveExecution(engine, find(executionArn)),
    onEvent: (listener) => void listeners.push(listener),
    operations: {
      StartExecution: {
        options: ['stateMachineArn', 'name', 'input'],
        permissions: (input) => [{ action: 'states:StartExecution', resource: input.stateMachineArn }],
        run: start,
      },
      DescribeExecution: {
        options: ['executionArn'],
        permissions: (input) => [{ action: 'states:DescribeExecution', resource: input.executionArn }],
        run: (input) => description(find(input.executionArn)),
      },
      SendTaskSuccess: {
        options: ['taskToken', 'output'],
        permissions: () => [{ action: 'states:SendTaskSuccess', resource: '*' }],
        run({ taskToken, output }) {
          engine.tokens.waiting(taskToken)(JSON.parse(checkedJson(output, 'InvalidOutput')));
          return {};
        },
      },
    },
    resources: {
      'AWS::StepFunctions::StateMachine': stateMachineModel(account, machines),
    },
  };
}
