/** States, data and expressions, against the Step Functions developer guide (docs.aws.amazon.com/step-functions/latest/dg). */
import { describe, expect, it } from 'vitest';
import { aMachine, end, output, work } from './machine.ts';

describe('passing data (workflow-variables, transforming-data)', () => {
  it('gives the input on where a state says nothing of its output', async () => {
    const machine = aMachine({ Look: { Type: 'Pass', Next: 'Done' }, Done: { Type: 'Succeed' } });
    expect(output(await machine.run({ bed: '4' }))).toEqual({ bed: '4' });
  });

  it('evaluates expressions at any depth and leaves other text alone', async () => {
    const machine = aMachine({ Look: end({ beds: ['{% $states.input.bed %}', '4'], text: 'a {% b' }) });
    expect(output(await machine.run({ bed: 7 }))).toEqual({ beds: [7, '4'], text: 'a {% b' });
  });

  it('keeps variables beside the data, and Output sees them as they were on entering', async () => {
    const machine = aMachine({
      First: { Type: 'Pass', Assign: { level: 'nurse' }, Next: 'Second' },
      Second: {
        Type: 'Pass',
        Assign: { level: 'doctor', before: '{% $level %}' },
        Output: { entering: '{% $level %}' },
        Next: 'Third',
      },
      Third: end({ entering: '{% $states.input.entering %}', now: '{% $level %}', before: '{% $before %}' }),
    });
    expect(output(await machine.run())).toEqual({ entering: 'nurse', now: 'doctor', before: 'nurse' });
  });

  it('shows the context object', async () => {
    const machine = aMachine({ Look: end('{% $states.context %}') });
    const execution = await machine.run({ bed: '4' });
    const at = new Date(execution.startDate).toISOString();
    expect(output(execution)).toMatchObject({
      Execution: {
        Id: execution.executionArn,
        Input: { bed: '4' },
        Name: 'one',
        RoleArn: machine.roleArn,
        StartTime: at,
      },
      State: { Name: 'Look', RetryCount: 0 },
      StateMachine: { Id: machine.stateMachineArn, Name: 'vigil-escalation' },
    });
    expect(output(execution)).not.toHaveProperty('Task');
  });

  it('has no way to change what another state sees', async () => {
    const machine = aMachine({
      First: { Type: 'Pass', Assign: { list: [3, 1] }, Next: 'Second' },
      Second: { Type: 'Pass', Output: '{% $append($sort($list), 9) %}', Next: 'Third' },
      Third: end({ list: '{% $list %}', input: '{% $states.input %}' }),
    });
    expect(output(await machine.run())).toEqual({ list: [3, 1], input: [1, 3, 9] });
  });
});

describe('expressions (transforming-data)', () => {
  const functions: [expression: string, result: unknown][] = [
    [`$parse('{"a":[1]}').a`, [1]],
    [`$partition([1,2,3,4,5], 2)`, [[1, 2], [3, 4], [5]]],
    [`$range(0, 10, 5)`, [0, 5, 10]],
    [`$range(3, 1, -1)`, [3, 2, 1]],
    [`$hash('abc', 'SHA-256')`, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [`$hash('abc', 'MD5')`, '900150983cd24fb0d6963f7d28e17f72'],
    [`$random(7) = $random(7) and $random(7) < 1`, true],
    [`$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)`, true],
    [`$toMillis($now()) = $millis() and $fromMillis($millis()) > '2026-03-01T00:00:00.000Z'`, true],
  ];
  it.each(functions)('%s', async (expression, result) => {
    const machine = aMachine({ Look: end({ result: `{% ${expression} %}` }) });
    expect(output(await machine.run())).toEqual({ result });
  });

  const failures: [why: string, expression: string, cause: string][] = [
    ['gives nothing', '$states.input.missing', 'returned nothing (undefined)'],
    [
      'asks for the token of a state that has none',
      '$states.context.Task.Token',
      'returned nothing (undefined)',
    ],
    ['throws', `$number('x')`, 'threw an error'],
    ['gives a function', 'function($x) { $x }', 'returned nothing (undefined)'],
    ['asks for an unknown hash', `$hash('abc', 'MD4')`, 'MD4'],
    ['asks for too long a range', '$range(1, 2000, 1)', '1000'],
  ];
  it.each(failures)('fails the execution when one %s', async (_why, expression, cause) => {
    const machine = aMachine({ Look: end({ result: `{% ${expression} %}` }) });
    const execution = await machine.run();
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(execution.cause).toContain("the state 'Look' (entered at the event id #2)");
    expect(execution.cause).toContain(cause);
    expect(
      execution.history.events.find((event) => event.type === 'EvaluationFailed')?.details,
    ).toMatchObject({
      state: 'Look',
      location: 'Output/result',
    });
  });

  it('takes the same expression for many evaluations, each with its own data', async () => {
    const machine = aMachine({ Look: end('{% $states.input.bed %}') });
    for (const bed of ['1', '2', '3']) await machine.start({ bed }, `bed-${bed}`);
    await machine.pass(1);
    expect(machine.service.executions().map(output)).toEqual(['1', '2', '3']);
  });
});

describe('Choice (state-choice)', () => {
  const States = {
    'What now?': {
      Type: 'Choice',
      Choices: [
        {
          Condition: "{% $states.input.step = 'page' %}",
          Next: 'Page',
          Output: { by: 'rule' },
          Assign: { x: 1 },
        },
        { Condition: '{% $states.input.count > 1 %}', Next: 'Close' },
      ],
      Default: 'Close',
      Output: { by: 'default' },
      Assign: { x: 2 },
    },
    Page: end({ to: 'page', input: '{% $states.input %}', x: '{% $x %}' }),
    Close: end({ to: 'close', input: '{% $states.input %}', x: '{% $exists($x) ? $x : 0 %}' }),
  };
  it('takes the first true rule, with its Output and Assign', async () => {
    expect(output(await aMachine(States).run({ step: 'page', count: 2 }))).toEqual({
      to: 'page',
      input: { by: 'rule' },
      x: 1,
    });
    expect(output(await aMachine(States).run({ count: 2 }))).toEqual({
      to: 'close',
      input: { count: 2 },
      x: 0,
    });
  });
  it('takes the Default, with the Output and Assign of the state', async () => {
    expect(output(await aMachine(States).run({ count: 0 }))).toEqual({
      to: 'close',
      input: { by: 'default' },
      x: 2,
    });
  });
  it('fails without a Default, and on a condition that is no boolean', async () => {
    const { Default: _, ...rest } = States['What now?'];
    const machine = aMachine({ ...States, 'What now?': rest });
    expect(await machine.run({ count: 0 })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const odd = aMachine({
      Ask: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'Done' }] },
      Done: end(),
    });
    expect(await odd.run()).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('Wait, Succeed and Fail (state-wait, state-fail)', () => {
  it('waits for the seconds that an expression gives', async () => {
    const machine = aMachine({ Some: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', End: true } });
    const [, entered, exited] = (await machine.run({ seconds: 30 })).history.events;
    expect(exited).toMatchObject({ type: 'WaitStateExited', timestamp: (entered?.timestamp ?? 0) + 30_000 });
  });
  it.each([[-1], [1.5], ['30'], [100_000_000]])('refuses to wait for %j seconds', async (seconds) => {
    const machine = aMachine({ Some: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', End: true } });
    expect(await machine.run({ seconds })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
  it('fails with the error and cause that the state says', async () => {
    const machine = aMachine({
      Stop: { Type: 'Fail', Error: 'NobodyOnCall', Cause: "{% 'ward ' & $states.input.ward %}" },
    });
    expect(await machine.run({ ward: 'A' })).toMatchObject({
      status: 'FAILED',
      error: 'NobodyOnCall',
      cause: 'ward A',
    });
    expect(machine.types()).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });
});

describe('Map (state-map-inline)', () => {
  const each = (States: Record<string, unknown>, more: object = {}) => ({
    Type: 'Map',
    Items: '{% $states.input.beds %}',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: Object.keys(States)[0] as string,
      States,
    },
    End: true,
    ...more,
  });

  it('gives the outputs of its items in their order, all under way at once, each with its own variables', async () => {
    const machine = aMachine({
      Begin: { Type: 'Pass', Assign: { ward: 'A' }, Next: 'Each' },
      Each: each(
        {
          Soon: {
            Type: 'Wait',
            Seconds: '{% $states.input %}',
            Assign: { mine: '{% $states.input %}' },
            Next: 'Tell',
          },
          Tell: end('{% $ward & $mine %}'),
        },
        { End: undefined, Next: 'After' },
      ),
      After: end({ all: '{% $states.input %}', leaked: '{% $exists($mine) %}' }),
    });
    const execution = await machine.run({ beds: [30, 10, 20] });
    expect(output(execution)).toEqual({ all: ['A30', 'A10', 'A20'], leaked: false });
    expect(((execution.stopDate ?? 0) - execution.startDate) / 1000).toBeLessThan(31);
  });

  it('tells of each item, with its place in the list', async () => {
    const machine = aMachine({ Each: each({ Tell: end() }) });
    const { history } = await machine.run({ beds: ['4'] });
    expect(machine.types()).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history.events[2]?.details).toEqual({ length: 1 });
    expect(history.events[3]?.details).toEqual({ name: 'Each', index: 0 });
  });

  it('of no items is done at once', async () => {
    expect(output(await aMachine({ Each: each({ Tell: end() }) }).run({ beds: [] }))).toEqual([]);
  });

  it.each([['a text'], [{}], [Array.from({ length: 41 }, () => 1)]])('fails for %j', async (beds) => {
    const machine = aMachine({ Each: each({ Tell: end() }) });
    expect(await machine.run({ beds })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('fails with the error of the first item that fails, and stops the others', async () => {
    let worked = 0;
    const machine = aMachine(
      {
        Each: each(
          {
            Soon: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Ask' },
            Ask: {
              Type: 'Choice',
              Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Broken' }],
              Default: 'Later',
            },
            Broken: { Type: 'Fail', Error: 'Broken', Cause: 'x' },
            Later: work(),
          },
          { Catch: [{ ErrorEquals: ['Broken'], Next: 'After' }] },
        ),
        After: end('{% $states.input.Error %}'),
      },
      { functions: { work: () => ++worked } },
    );
    expect(output(await machine.run({ beds: [1, 10] }))).toBe('Broken');
    expect(worked).toBe(0);
    expect(machine.types()).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'MapIterationStarted',
      'WaitStateEntered',
      'WaitStateEntered',
      'WaitStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'FailStateEntered',
      'MapIterationFailed',
      'WaitStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'MapStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('limits (service-quotas)', () => {
  const large = (bytes: number) => ({ text: `{% $pad('', ${bytes}, 'x') %}` });
  it('fails with States.DataLimitExceeded above 256 KiB between states, which States.ALL does not catch', async () => {
    expect(await aMachine({ Look: end(large(262_144 - 11)) }).run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(await aMachine({ Look: end(large(262_144 - 10)) }).run()).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
    const caught = (name: string) =>
      aMachine(
        { Work: work({ Catch: [{ ErrorEquals: [name], Next: 'After' }] }), After: end('caught') },
        { functions: { work: () => 'x'.repeat(262_144) } },
      ).run();
    expect(await caught('States.ALL')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await caught('States.DataLimitExceeded')).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('fails at 25,000 events', async () => {
    const machine = aMachine({
      Round: { Type: 'Pass', Next: 'Again' },
      Again: { Type: 'Pass', Next: 'Round' },
    });
    const execution = await machine.run();
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(execution.history.events).toHaveLength(25_000);
    expect(execution.history.events.at(-1)?.type).toBe('ExecutionFailed');
  });
});
