/** A state machine in an account of its own, with a Lambda and an EventBridge that do as told. */

import { AwsError } from '../../../../../infra/local/engine/aws-error.ts';
import type { IamService } from '../../../../../infra/local/engine/iam.ts';
import type { Operation, Payload, Service } from '../../../../../infra/local/engine/service.ts';
import { type Execution, stepFunctions } from '../../../../../infra/local/services/step-functions/service.ts';
import { fakeAccount, operator } from '../../fake-account.ts';

export type Handler = (payload: Payload, call: { at: number; caller: string }) => Payload;

const roleArn = 'arn:aws:iam::111122223333:role/escalation';

const stub = (id: string, operations: Record<string, Operation['run']>): Service => ({
  id,
  resources: {},
  operations: Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      {
        options: ['FunctionName', 'Payload'],
        permissions: ({ FunctionName = '*' }) => [{ action: `${id}:${name}`, resource: FunctionName }],
        run,
      },
    ]),
  ),
});

/** A machine of these states (the first is the start); functions by name, each answering with its payload. */
export function aMachine(
  States: Record<string, Payload>,
  {
    functions = {},
    trusts = () => true,
    ...rest
  }: { functions?: Record<string, Handler>; trusts?: IamService['trusts'] } & Record<string, Payload> = {},
) {
  const account = fakeAccount();
  const emitted: Payload[] = [];
  account.add(() =>
    stub('lambda', {
      async Invoke({ FunctionName, Payload }, caller) {
        const handler = functions[FunctionName];
        if (!handler) throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`);
        try {
          const result = await handler(JSON.parse(Payload), {
            at: account.clock.now(),
            caller: caller.roleArn,
          });
          return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(result) };
        } catch (error) {
          if (error instanceof AwsError) throw error;
          const { name: errorType, message: errorMessage } = error as Error;
          const text = JSON.stringify({ ...(errorType && { errorType }), errorMessage, trace: [] });
          return { StatusCode: 200, FunctionError: 'Unhandled', Payload: text };
        }
      },
    }),
  );
  account.add(() => ({ ...stub('events', {}), emit: (event: Payload) => emitted.push(event) }));
  account.add(() => ({ ...stub('iam', {}), trusts }));
  const service = account.add(stepFunctions);
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States, ...rest };
  const { ref: stateMachineArn } = account.create('AWS::StepFunctions::StateMachine', 'Escalation', {
    StateMachineName: 'vigil-escalation',
    DefinitionString: JSON.stringify(definition),
    RoleArn: roleArn,
  });
  const call = (operation: string, input: Payload): Promise<Payload> =>
    account.done(account.call(operator, 'sfn', operation, input));
  return {
    account,
    service,
    stateMachineArn,
    roleArn,
    emitted,
    call,
    start: (input: Payload = {}, name = 'one') =>
      call('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) }),
    /** Lets virtual time pass. */
    pass: (seconds: number) => account.clock.run(account.clock.now() + seconds * 1000),
    /** Starts an execution and lets a day pass; gives it as it then is. */
    async run(input: Payload = {}): Promise<Execution> {
      await call('StartExecution', { stateMachineArn, name: 'one', input: JSON.stringify(input) });
      await account.clock.run(account.clock.now() + 24 * 60 * 60 * 1000);
      return service.executions().at(-1) as Execution;
    },
    /** What happened, in order, without the ids. */
    types: () =>
      service
        .executions()
        .at(-1)
        ?.history.events.map((event) => event.type),
  };
}

export const output = (execution: Execution): Payload => JSON.parse(execution.output ?? 'null');

/** A task that invokes the function `work`. */
export const work = (more: Payload = {}): Payload => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

/** A task that gives its token to the function `work` and waits for it. */
export const waiting = (more: Payload = {}): Payload => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'work', Payload: { token: '{% $states.context.Task.Token %}' } },
  TimeoutSeconds: 120,
  End: true,
  ...more,
});

/** A Pass state that ends with this output. */
export const end = (result: Payload = '{% $states.input %}'): Payload => ({
  Type: 'Pass',
  Output: result,
  End: true,
});

export function named(name: string, message = 'it broke'): Error {
  return Object.assign(new Error(message), { name });
}
