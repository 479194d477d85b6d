/** Executions and state machines, against the API reference (docs.aws.amazon.com/step-functions/latest/apireference). */
import { describe, expect, it } from 'vitest';
import { aMachine, end, named, output, waiting, work } from './machine.ts';

const forever = () =>
  aMachine({ Page: waiting({ TimeoutSeconds: 3600 }) }, { functions: { work: () => ({}) } });

describe('StartExecution', () => {
  it('is idempotent while the execution runs: the same name and input give the same answer', async () => {
    const machine = forever();
    const first = await machine.start({ readingId: 'a' });
    await machine.pass(5);
    expect(await machine.start({ readingId: 'a' })).toEqual(first);
    expect(machine.service.executions()).toHaveLength(1);
    expect(first.executionArn).toBe('arn:aws:states:eu-west-2:111122223333:execution:vigil-escalation:one');
  });

  it('refuses the name with another input, and after the end for 90 days', async () => {
    const machine = aMachine({ Done: { Type: 'Succeed' } });
    const refused = { name: 'ExecutionAlreadyExists' };
    await machine.start({ readingId: 'a' });
    await expect(machine.start({ readingId: 'b' })).rejects.toMatchObject(refused);
    await machine.pass(1);
    await expect(machine.start({ readingId: 'a' })).rejects.toMatchObject(refused);
    await machine.pass(90 * 86_400 - 10);
    await expect(machine.start({ readingId: 'a' })).rejects.toMatchObject(refused);
    await machine.pass(10);
    await machine.start({ readingId: 'a' });
  });

  it.each([
    '',
    'x'.repeat(81),
    'a b',
    'a/b',
    'a:b',
    'a,b',
    'a;b',
    'a"b',
    'a{b',
    'a*b',
    'a$b',
    'a\u0007b',
    'a\u0085b',
  ])('refuses the name %j', async (name) => {
    await expect(forever().start({}, name)).rejects.toMatchObject({ name: 'InvalidName' });
  });
  it('takes a name of 80 characters', async () => {
    await forever().start({}, `critical-ward_001-4.${'x'.repeat(60)}`);
  });

  it('refuses input that is no JSON or longer than 262,144 bytes, and an unknown machine', async () => {
    const machine = forever();
    const start = (input: string, stateMachineArn = machine.stateMachineArn) =>
      machine.call('StartExecution', { stateMachineArn, name: 'n', input });
    await expect(start('{')).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start(`"${'x'.repeat(262_143)}"`)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(start('{}', 'arn:none')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await start(`"${'x'.repeat(262_142)}"`);
  });
});

describe('an execution that is killed', () => {
  it('ends where it stands; nothing of it acts afterwards', async () => {
    let worked = 0;
    const States = {
      Page: waiting({
        Next: 'Work',
        End: undefined,
        TimeoutSeconds: 10,
        Retry: [{ ErrorEquals: ['States.ALL'] }],
      }),
      Work: work(),
    };
    const counting = aMachine(States, { functions: { work: () => ++worked } });
    const { executionArn } = await counting.start();
    await counting.pass(5);
    counting.service.stop(executionArn);
    await counting.pass(3600);
    expect(worked).toBe(1);
    expect(counting.service.executions()[0]?.status).toBe('ABORTED');
    expect(counting.types()?.slice(-2)).toEqual(['TaskStateAborted', 'ExecutionAborted']);
  });

  it('can come at any instant, and the history then ends for good', async () => {
    for (let milliseconds = 0; milliseconds < 60; milliseconds++) {
      let calls = 0;
      const machine = aMachine(
        { First: work({ Next: 'Second', End: undefined }), Second: work() },
        { functions: { work: () => ++calls } },
      );
      const { executionArn } = await machine.start();
      await machine.account.clock.run(machine.account.clock.now() + milliseconds);
      const [execution] = machine.service.executions();
      if (execution?.status !== 'RUNNING') break;
      machine.service.stop(executionArn);
      const before = { calls, events: machine.service.history(executionArn).length };
      await machine.pass(60);
      expect(machine.service.history(executionArn)).toHaveLength(before.events);
      expect(machine.types()?.at(-1)).toBe('ExecutionAborted');
      // A call that was already on its way to Lambda arrives; no other is made.
      expect(calls - before.calls).toBeLessThanOrEqual(1);
    }
  });

  it('stays as it is when it has ended', async () => {
    const machine = aMachine({ Done: { Type: 'Succeed' } });
    const { executionArn } = await machine.start();
    await machine.pass(1);
    const { stopDate } = machine.service.executions()[0] ?? {};
    await machine.pass(1);
    machine.service.stop(executionArn);
    expect(machine.service.executions()[0]).toMatchObject({ status: 'SUCCEEDED', stopDate });
  });
});

describe('DescribeExecution', () => {
  it('describes an execution while it runs and after', async () => {
    const machine = aMachine({ Wait: { Type: 'Wait', Seconds: 5, End: true } });
    const { executionArn, startDate } = await machine.start({ bed: 4 });
    expect(await machine.call('DescribeExecution', { executionArn })).toEqual({
      executionArn,
      stateMachineArn: machine.stateMachineArn,
      name: 'one',
      status: 'RUNNING',
      startDate,
      input: '{"bed":4}',
      inputDetails: { included: true },
      redriveCount: 0,
    });
    await machine.pass(6);
    expect(await machine.call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: expect.any(Date),
      output: '{"bed":4}',
    });
    const unknown = machine.call('DescribeExecution', { executionArn: 'arn:none' });
    await expect(unknown).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});

describe("an execution's history", () => {
  it("has AWS's names, ids and virtual times", async () => {
    const machine = aMachine({ Look: { ...end('"seen"'), Assign: { level: 'nurse' } } });
    const { executionArn } = await machine.start({ bed: 4 });
    await machine.pass(1);
    const events = machine.service.history(executionArn);
    expect(events).toMatchObject([
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', details: { input: '{"bed":4}' } },
      { id: 2, previousEventId: 0, type: 'PassStateEntered', details: { name: 'Look' } },
      {
        id: 3,
        previousEventId: 2,
        type: 'PassStateExited',
        details: { name: 'Look', assignedVariables: { level: '"nurse"' } },
      },
      { id: 4, previousEventId: 3, type: 'ExecutionSucceeded', details: { output: '"\\"seen\\""' } },
    ]);
    expect(events[0]?.timestamp).toBe(machine.service.executions()[0]?.startDate);
  });
});

describe('EventBridge (eventbridge-integration)', () => {
  it('is told of the start and of every kind of end', async () => {
    const machine = aMachine(
      { Work: work() },
      {
        functions: {
          work: ({ fail }) => {
            if (fail) throw named('Broken');
            return 'done';
          },
        },
      },
    );
    await machine.start({}, 'good');
    await machine.start({ fail: true }, 'bad');
    await machine.pass(1);
    const told = machine.emitted.map(({ detail }) => [
      detail.name,
      detail.status,
      detail.output,
      detail.error,
    ]);
    expect(told).toContainEqual(['good', 'RUNNING', null, null]);
    expect(told).toContainEqual(['good', 'SUCCEEDED', '"done"', null]);
    expect(told).toContainEqual(['bad', 'FAILED', null, 'Broken']);
    expect(machine.emitted[0]).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      account: '111122223333',
      region: 'eu-west-2',
      detail: { stateMachineArn: machine.stateMachineArn, input: '{}', stopDate: null },
    });
  });
});

describe('CreateStateMachine', () => {
  const create = (DefinitionString: string, more = {}) =>
    aMachine({ Done: { Type: 'Succeed' } }).account.create('AWS::StepFunctions::StateMachine', 'Second', {
      StateMachineName: 'second',
      RoleArn: 'arn:role',
      DefinitionString,
      ...more,
    });
  const refused: [what: string, states: Record<string, Record<string, unknown>>, message: RegExp][] = [
    ['Parallel', { Both: { Type: 'Parallel', End: true } }, /state type "Parallel" is not modelled/],
    [
      'a distributed Map',
      {
        Each: {
          Type: 'Map',
          Items: '{% [1] %}',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED' },
            StartAt: 'Inner',
            States: { Inner: end() },
          },
          End: true,
        },
      },
      /INLINE/,
    ],
    ['JSONPath fields', { Look: { Type: 'Pass', InputPath: '$.x', End: true } }, /InputPath/],
    ['heartbeats', { Work: work({ HeartbeatSeconds: 5 }) }, /HeartbeatSeconds/],
    [
      'activities',
      { Work: work({ Resource: 'arn:aws:states:::activity:x' }) },
      /activity:x" is not modelled/,
    ],
    [
      'other arguments',
      { Work: work({ Arguments: { FunctionName: 'f', Payload: 1, Qualifier: '1' } }) },
      /Qualifier/,
    ],
    ['a missing target', { Look: { Type: 'Pass', Next: 'Nowhere' } }, /"Nowhere"/],
    ['neither Next nor End', { Look: { Type: 'Pass' } }, /Next or End/],
    ['an expression that does not compile', { Look: end('{% 1 + %}') }, /States\.Look\.Output/],
    ['half an expression', { Look: end('{% 1 + 1') }, /whole/],
    ['$eval', { Look: end("{% $eval('1') %}") }, /\$eval/],
    ['assigning $states', { Look: { ...end(), Assign: { states: 1 } } }, /\$states/],
    [
      'a variable within a Map that hides one outside',
      {
        Each: {
          Type: 'Map',
          Items: '{% [1] %}',
          Assign: { x: 1 },
          ItemProcessor: { StartAt: 'Inner', States: { Inner: { ...end(), Assign: { x: 2 } } } },
          End: true,
        },
      },
      /\$x/,
    ],
    [
      'States.ALL beside another name',
      { Work: work({ Retry: [{ ErrorEquals: ['States.ALL', 'Busy'] }] }) },
      /States\.ALL/,
    ],
  ];
  it.each(refused)('refuses %s by name', (_what, states, message) => {
    expect(() => aMachine(states)).toThrow(message);
  });

  it('is refused with a role that does not trust Step Functions on behalf of it (procedure-create-iam-role)', () => {
    const asked: string[][] = [];
    const trusts = (...of: string[]) => asked.push(of) === 0;
    expect(() => aMachine({ Done: { Type: 'Succeed' } }, { trusts })).toThrow(
      'must let Step Functions assume it',
    );
    expect(asked).toEqual([
      [
        'arn:aws:iam::111122223333:role/escalation',
        'states.amazonaws.com',
        'arn:aws:states:eu-west-2:111122223333:stateMachine:vigil-escalation',
      ],
    ]);
  });

  it('replaces placeholders, and refuses one that is bound to nothing', async () => {
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Done',
      States: { Done: { Type: 'Succeed', Output: '${Name}' } },
    });
    expect(() => create(definition)).toThrow('Second: ${Name} is bound to nothing');
    expect(create(definition, { DefinitionSubstitutions: { Name: 'a "name"' } }).attributes).toEqual({
      Arn: 'arn:aws:states:eu-west-2:111122223333:stateMachine:second',
      Name: 'second',
    });
    expect(() => create(definition, { StateMachineType: 'EXPRESS' })).toThrow('StateMachineType');
    expect(() => create(definition, { TracingConfiguration: { Level: 1 } })).toThrow('Level');
  });
});

describe('determinism', () => {
  it('gives the same history for the same seed', async () => {
    const tell = async () => {
      const machine = aMachine({ Work: work() }, { functions: { work: () => 'done' } });
      const execution = await machine.run({ bed: 4 });
      return { events: execution.history.events, output: output(execution) };
    };
    expect(await tell()).toEqual(await tell());
  });
});
