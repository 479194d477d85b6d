/** RedriveExecution: what failed or was stopped goes on where it ended. */
import { describe, expect, it } from 'vitest';
import type { Payload } from '../../../../../infra/local/engine/service.ts';
import { aMachine, end, named, output, waiting, work } from './machine.ts';

const day = 24 * 60 * 60;

describe('a redrive', () => {
  it('goes on in the state that failed, with its input and the variables, and runs nothing twice that succeeded', async () => {
    const calls: Payload[] = [];
    let broken = true;
    const machine = aMachine(
      {
        First: work({ Assign: { bed: '{% $states.input.bed %}' }, Next: 'Second', End: undefined }),
        Second: work({
          Arguments: { FunctionName: 'second', Payload: { got: '{% $states.input %}', bed: '{% $bed %}' } },
        }),
      },
      {
        functions: {
          work: (payload) => {
            calls.push(payload);
            return { looked: true };
          },
          second: (payload) => {
            calls.push(payload);
            if (broken) throw named('TableAway');
            return 'done';
          },
        },
      },
    );
    const execution = await machine.run({ bed: 4 });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'TableAway', redriveCount: 0 });
    broken = false;
    machine.service.redrive(execution.executionArn);
    expect(execution).toMatchObject({ status: 'RUNNING', redriveCount: 1 });
    await machine.pass(5);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', name: 'one' });
    expect(execution.error).toBeUndefined();
    expect(output(execution)).toBe('done');
    const second = { got: { looked: true }, bed: 4 };
    expect(calls).toEqual([{ bed: 4 }, second, second]);
    expect(machine.service.executions()).toHaveLength(1);
    expect(machine.types()).toContain('ExecutionRedriven');
    expect(machine.emitted.map(({ detail }) => detail.status)).toEqual([
      'RUNNING',
      'FAILED',
      'RUNNING',
      'SUCCEEDED',
    ]);
  });

  it('of a wait that was stopped waits anew, for a new token; the old one stays worthless', async () => {
    const tokens: string[] = [];
    const machine = aMachine({ Wait: waiting() }, { functions: { work: ({ token }) => tokens.push(token) } });
    const { executionArn } = await machine.start();
    await machine.pass(60);
    machine.service.stop(executionArn);
    machine.service.redrive(executionArn);
    await machine.pass(1);
    const [before, after] = tokens;
    expect(after).not.toBe(before);
    const answer = (taskToken?: string) => machine.call('SendTaskSuccess', { taskToken, output: '{}' });
    await expect(answer(before)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await answer(after);
    await machine.pass(1);
    expect(machine.service.executions()[0]?.status).toBe('SUCCEEDED');
  });

  it('has the whole of the execution’s time again', async () => {
    const machine = aMachine({ Wait: { Type: 'Wait', Seconds: 90, End: true } }, { TimeoutSeconds: 100 });
    const { executionArn } = await machine.start();
    await machine.pass(80);
    machine.service.stop(executionArn);
    machine.service.redrive(executionArn);
    await machine.pass(95);
    expect(machine.service.executions()[0]?.status).toBe('SUCCEEDED');
  });

  it('of what is stopped between two states enters the second', async () => {
    let calls = 0;
    const machine = aMachine(
      { First: work({ Next: 'Last', End: undefined }), Last: { Type: 'Succeed' } },
      { functions: { work: () => ++calls } },
    );
    machine.service.onEvent(({ executionArn }, { type }) => {
      if (type === 'TaskStateExited')
        machine.account.clock.after(0, () => machine.service.stop(executionArn));
    });
    const { executionArn } = await machine.start();
    await machine.pass(5);
    expect(machine.service.executions()[0]?.status).toBe('ABORTED');
    machine.service.redrive(executionArn);
    await machine.pass(5);
    expect(machine.service.executions()[0]?.status).toBe('SUCCEEDED');
    expect(calls).toBe(1);
  });

  it('is refused of one that runs, that has succeeded, or that ended a fortnight ago', async () => {
    const machine = aMachine({ Wait: { Type: 'Wait', Seconds: 5, End: true } });
    const refused = expect.objectContaining({ name: 'ExecutionNotRedrivable' });
    const { executionArn } = await machine.start();
    expect(() => machine.service.redrive(executionArn)).toThrow(refused);
    await machine.pass(6);
    expect(() => machine.service.redrive(executionArn)).toThrow(refused);
    const stopped = await machine.start({}, 'two');
    machine.service.stop(stopped.executionArn);
    await machine.pass(14 * day);
    expect(() => machine.service.redrive(stopped.executionArn)).toThrow(refused);
  });

  it('of a Map is not modelled', async () => {
    const States = { One: { Type: 'Wait', Seconds: 9, End: true } };
    const machine = aMachine({
      Each: { Type: 'Map', Items: '{% [1] %}', ItemProcessor: { StartAt: 'One', States }, Next: 'Last' },
      Last: end(),
    });
    const { executionArn } = await machine.start();
    await machine.pass(1);
    machine.service.stop(executionArn);
    expect(() => machine.service.redrive(executionArn)).toThrow('not modelled');
  });
});
