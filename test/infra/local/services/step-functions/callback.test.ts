/** Waiting for a task token (docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token). */
import { describe, expect, it } from 'vitest';
import { aMachine, end, named, output, waiting } from './machine.ts';

/** A machine that waits once, and the tokens that its function was given. */
function paging(more = {}, answer: () => unknown = () => ({ paged: 1 })) {
  const tokens: string[] = [];
  const machine = aMachine(
    { 'Page nurse': waiting(more), After: end('{% $states.input %}') },
    {
      functions: {
        work: ({ token }) => {
          tokens.push(token);
          return answer();
        },
      },
    },
  );
  const send = (operation: string, input = {}) =>
    machine.call(operation, { taskToken: tokens.at(-1), ...input });
  return { machine, tokens, send };
}

describe('a waiting task', () => {
  it('goes on with the output of SendTaskSuccess, not with what the function gave', async () => {
    const { machine, send } = paging();
    await machine.start();
    await machine.pass(30);
    expect(machine.types()?.at(-1)).toBe('TaskSubmitted');
    await send('SendTaskSuccess', { output: '{"woken":true}' });
    await machine.pass(1);
    const [execution] = machine.service.executions();
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"woken":true}' });
    expect(machine.types()?.slice(-4)).toEqual([
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('goes on with a SendTaskSuccess that comes before the function has returned', async () => {
    const { machine, tokens } = paging({}, () => machine.account.clock.sleep(5000).then(() => ({})));
    await machine.start();
    await machine.pass(1);
    await machine.call('SendTaskSuccess', { taskToken: tokens[0], output: '"early"' });
    await machine.pass(10);
    expect(machine.service.executions()[0]).toMatchObject({ status: 'SUCCEEDED', output: '"early"' });
  });

  it('fails at once when its function fails', async () => {
    const { machine, send } = paging({ Catch: [{ ErrorEquals: ['NobodyReached'], Next: 'After' }] }, () => {
      throw named('NobodyReached');
    });
    const execution = await machine.run();
    expect(output(execution)).toMatchObject({ Error: 'NobodyReached' });
    expect(execution.stopDate).toBeLessThan(execution.startDate + 1000);
    await expect(send('SendTaskSuccess', { output: '{}' })).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('has a new token for every attempt, and only the latest counts', async () => {
    const { machine, tokens } = paging({ Retry: [{ ErrorEquals: ['States.Timeout'] }] });
    await machine.start();
    await machine.pass(130);
    expect(new Set(tokens).size).toBe(2);
    const answer = (taskToken: string | undefined) =>
      machine.call('SendTaskSuccess', { taskToken, output: '{}' });
    await expect(answer(tokens[0])).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await answer(tokens[1]);
    await machine.pass(1);
    expect(machine.service.executions()[0]?.status).toBe('SUCCEEDED');
  });
});

describe('SendTaskSuccess', () => {
  it('says InvalidToken of an unknown token, and TaskTimedOut of one that was answered', async () => {
    const { machine, send } = paging();
    const unknown = machine.call('SendTaskSuccess', { taskToken: 'nonsense', output: '{}' });
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidToken' });
    await machine.start();
    await machine.pass(1);
    await send('SendTaskSuccess', { output: '{}' });
    await expect(send('SendTaskSuccess', { output: '{}' })).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it.each(['SendTaskFailure', 'SendTaskHeartbeat'])(
    'is all that answers a task: %s is refused',
    async (operation) => {
      const { machine, send } = paging();
      await machine.start();
      await machine.pass(1);
      await expect(send(operation)).rejects.toThrow(`${operation} is not modelled`);
    },
  );

  it('refuses output that is no JSON or too long, and the task goes on waiting', async () => {
    const { machine, send } = paging();
    await machine.start();
    await machine.pass(1);
    await expect(send('SendTaskSuccess', { output: 'yes' })).rejects.toMatchObject({ name: 'InvalidOutput' });
    const long = JSON.stringify('x'.repeat(262_143));
    await expect(send('SendTaskSuccess', { output: long })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(machine.service.executions()[0]?.status).toBe('RUNNING');
  });

  it('is granted on *, since the actions have no resource type', async () => {
    const { machine, send } = paging();
    await machine.start();
    await machine.pass(1);
    await send('SendTaskSuccess', { output: '{}' });
    expect(machine.account.asked).toContainEqual({ action: 'states:SendTaskSuccess', resource: '*' });
  });
});
