/** Tasks, failures and what is done about them, against the Step Functions developer guide. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../infra/local/engine/aws-error.ts';
import { seededRandom } from '../../../../../infra/local/engine/random.ts';
import { retrying } from '../../../../../infra/local/services/step-functions/retry.ts';
import { aMachine, end, type Handler, named, output, waiting, work } from './machine.ts';

const after = { After: end('{% $states.input %}') };
const caught = (name: string, more = {}) => ({ Catch: [{ ErrorEquals: [name], Next: 'After' }], ...more });

describe('lambda:invoke (connect-lambda)', () => {
  it('calls as the role of the machine and gives version, payload and status', async () => {
    const callers: string[] = [];
    const functions = {
      work: (payload: unknown, { caller }: { caller: string }) => {
        callers.push(caller);
        return { got: payload };
      },
    };
    const machine = aMachine({ Work: work({ Output: '{% $states.result %}' }) }, { functions });
    expect(output(await machine.run({ bed: 4 }))).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { got: { bed: 4 } },
      StatusCode: 200,
    });
    expect(callers).toEqual([machine.roleArn]);
    expect(machine.account.asked).toContainEqual({ action: 'lambda:Invoke', resource: 'work' });
    expect(machine.types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  const errors: [what: string, thrown: Error, error: string][] = [
    ["the handler's error type", named('NobodyReached'), 'NobodyReached'],
    ['Lambda.Unknown without a type', named(''), 'Lambda.Unknown'],
    ['a timed-out function', named('Sandbox.Timedout'), 'Sandbox.Timedout'],
    [
      'throttling',
      new AwsError('TooManyRequestsException', 'Rate Exceeded.'),
      'Lambda.TooManyRequestsException',
    ],
    ['a service fault', new AwsError('ServiceException', 'x'), 'Lambda.ServiceException'],
    ['a missing grant', new AwsError('AccessDeniedException', 'x'), 'Lambda.AWSLambdaException'],
  ];
  it.each(errors)('fails with %s', async (_what, thrown, error) => {
    const functions = {
      work: () => {
        throw thrown;
      },
    };
    const machine = aMachine({ Work: work() }, { functions });
    const execution = await machine.run();
    expect(execution).toMatchObject({ status: 'FAILED', error });
    expect(machine.types()?.slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
    const tried = await aMachine({ Work: work(caught('States.TaskFailed')), ...after }, { functions }).run();
    expect(output(tried)).toMatchObject({ Error: error });
  });

  it('gives the error as the function reported it as the cause', async () => {
    const functions = {
      work: () => {
        throw named('NobodyReached', 'nobody');
      },
    };
    const { cause } = await aMachine({ Work: work() }, { functions }).run();
    expect(JSON.parse(cause ?? '')).toMatchObject({ errorType: 'NobodyReached', errorMessage: 'nobody' });
  });
});

describe('timeouts (state-task, concepts-error-handling)', () => {
  const asleep = (seconds: number) => {
    const machine = aMachine(
      { Work: work({ TimeoutSeconds: '{% $states.input.limit %}', ...caught('States.Timeout') }), ...after },
      { functions: { work: () => machine.account.clock.sleep(seconds * 1000).then(() => 'done') } },
    );
    return machine;
  };

  it('ends the attempt with States.Timeout, and a later answer changes nothing', async () => {
    const machine = asleep(20);
    const execution = await machine.run({ limit: 10 });
    expect(output(execution)).toEqual({ Error: 'States.Timeout', Cause: '' });
    const timedOut = execution.history.events.find((event) => event.type === 'TaskTimedOut');
    const scheduled = execution.history.events.find((event) => event.type === 'TaskScheduled');
    expect(timedOut?.timestamp).toBe((scheduled?.timestamp ?? 0) + 10_000);
    expect(scheduled?.details).toMatchObject({ timeoutInSeconds: 10 });
    expect(machine.types()).not.toContain('TaskSucceeded');
  });

  it('is no States.TaskFailed, but is caught by States.ALL', async () => {
    const slow = (name: string) =>
      aMachine(
        { Work: work({ TimeoutSeconds: 1, ...caught(name) }), ...after },
        { functions: { work: () => new Promise(() => {}) } },
      ).run();
    expect(await slow('States.TaskFailed')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await slow('States.ALL')).toMatchObject({ status: 'SUCCEEDED' });
  });

  it.each([[0], [-5], [1.5], ['10'], [null]])('refuses a timeout of %j seconds', async (limit) => {
    const execution = await asleep(0).run({ limit });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('ends the whole execution when the definition says so', async () => {
    const machine = aMachine({ Work: waiting() }, { TimeoutSeconds: 60, functions: { work: () => ({}) } });
    const execution = await machine.run();
    expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(execution.stopDate).toBe(execution.startDate + 60_000);
    expect(machine.types()?.slice(-2)).toEqual(['TaskStateAborted', 'ExecutionTimedOut']);
  });
});

describe('Retry (concepts-error-handling)', () => {
  const failing = (times: number, error: string): { calls: number[]; functions: { work: Handler } } => {
    const calls: number[] = [];
    const handler: Handler = (_payload, { at }) => {
      calls.push(at);
      if (calls.length <= times) throw named(error);
      return 'done';
    };
    return { calls, functions: { work: handler } };
  };

  it('waits longer each time, and shows how often it tried', async () => {
    const { calls, functions } = failing(2, 'Busy');
    const machine = aMachine(
      {
        Work: work({
          Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3 }],
          Output: '{% $states.context.State.RetryCount %}',
        }),
      },
      { functions },
    );
    expect(output(await machine.run())).toBe(2);
    const waits = calls.slice(1).map((at, index) => Math.round((at - (calls[index] ?? 0)) / 1000));
    expect(waits).toEqual([2, 6]);
    expect(machine.types()?.filter((type) => type === 'TaskScheduled')).toHaveLength(3);
    expect(machine.types()?.filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
  });

  it('tries three times unless told otherwise, then leaves it to Catch', async () => {
    const { calls, functions } = failing(99, 'Busy');
    const retry = { Retry: [{ ErrorEquals: ['States.ALL'] }] };
    const states = { Work: work({ ...retry, ...caught('Busy') }), ...after };
    expect(output(await aMachine(states, { functions }).run())).toMatchObject({ Error: 'Busy' });
    expect(calls).toHaveLength(4);
  });

  it('is not tried for another error, nor with MaxAttempts 0', async () => {
    for (const retry of [{ ErrorEquals: ['Other'] }, { ErrorEquals: ['Busy'], MaxAttempts: 0 }]) {
      const { calls, functions } = failing(99, 'Busy');
      expect(await aMachine({ Work: work({ Retry: [retry] }) }, { functions }).run()).toMatchObject({
        error: 'Busy',
      });
      expect(calls).toHaveLength(1);
    }
  });

  it('never waits longer than MaxDelaySeconds, and with jitter anything from 0 to the delay', () => {
    const seed = 20_260_301;
    const bounded = fc.property(
      fc.record({
        IntervalSeconds: fc.integer({ min: 1, max: 100 }),
        BackoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
        MaxDelaySeconds: fc.integer({ min: 1, max: 200 }),
        MaxAttempts: fc.integer({ min: 0, max: 8 }),
        JitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const),
      }),
      (policy) => {
        const next = retrying([{ ErrorEquals: ['Busy'], ...policy }], seededRandom(seed, 'retry'));
        for (let attempt = 0; attempt < policy.MaxAttempts; attempt++) {
          const full =
            Math.min(policy.IntervalSeconds * policy.BackoffRate ** attempt, policy.MaxDelaySeconds) * 1000;
          const delay = next('Busy') ?? Number.NaN;
          if (policy.JitterStrategy === 'NONE') expect(delay).toBe(full);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(full);
        }
        expect(next('Busy')).toBeUndefined();
      },
    );
    fc.assert(bounded, { seed });
  });
});

describe('Catch (concepts-error-handling)', () => {
  const broken = {
    functions: {
      work: () => {
        throw named('NobodyReached');
      },
    },
  };

  it('takes the first catcher of the error, with its Output and Assign', async () => {
    const machine = aMachine(
      {
        Work: work({
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            {
              ErrorEquals: ['NobodyReached'],
              Next: 'After',
              Output: { failed: '{% $states.errorOutput.Error %}', bed: '{% $states.input.bed %}' },
              Assign: { failures: 1 },
            },
            { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
          ],
        }),
        Wrong: { Type: 'Fail' },
        After: end({ input: '{% $states.input %}', failures: '{% $failures %}' }),
      },
      broken,
    );
    expect(output(await machine.run({ bed: 4 }))).toEqual({
      input: { failed: 'NobodyReached', bed: 4 },
      failures: 1,
    });
  });

  it('catches an expression of the state that failed, with States.QueryEvaluationError', async () => {
    const machine = aMachine(
      {
        Work: work({ Output: '{% $states.result.none %}', ...caught('States.QueryEvaluationError') }),
        ...after,
      },
      { functions: { work: () => 'done' } },
    );
    expect(output(await machine.run())).toMatchObject({ Error: 'States.QueryEvaluationError' });
  });

  it('never catches States.Runtime', async () => {
    const inner = {
      StartAt: 'Ask',
      States: { Ask: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Ask' }] } },
    };
    for (const name of ['States.ALL', 'States.Runtime', 'States.TaskFailed']) {
      const both = { Type: 'Map', Items: '{% [1] %}', ItemProcessor: inner, End: true, ...caught(name) };
      expect(await aMachine({ Both: both, ...after }).run()).toMatchObject({
        status: 'FAILED',
        error: 'States.Runtime',
      });
    }
  });
});

describe('athena:startQueryExecution.sync (connect-athena)', () => {
  const report = (states: string[]) => {
    const machine = aMachine({
      Query: {
        Type: 'Task',
        Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
        Arguments: { QueryString: 'SELECT 1', WorkGroup: 'vigil' },
        Output: '{% $states.result.QueryExecution.QueryExecutionId %}',
        End: true,
      },
    });
    const started: unknown[] = [];
    const permissions = () => [{ action: 'athena:any', resource: '*' }];
    machine.account.add(() => ({
      id: 'athena',
      resources: {},
      operations: {
        StartQueryExecution: {
          options: ['QueryString', 'WorkGroup'],
          permissions,
          run: (input) => ({ QueryExecutionId: `q${started.push(input)}` }),
        },
        GetQueryExecution: {
          options: ['QueryExecutionId'],
          permissions,
          run: ({ QueryExecutionId }) => ({
            QueryExecution: {
              QueryExecutionId,
              Status: { State: states.shift(), SubmissionDateTime: new Date(0) },
            },
          }),
        },
      },
    }));
    return { machine, started };
  };

  it('waits until the query has succeeded and gives its metadata', async () => {
    const { machine, started } = report(['QUEUED', 'RUNNING', 'SUCCEEDED']);
    expect(output(await machine.run())).toBe('q1');
    expect(started).toEqual([{ QueryString: 'SELECT 1', WorkGroup: 'vigil' }]);
    expect(machine.types()).toContain('TaskSubmitted');
  });

  it.each(['FAILED', 'CANCELLED'])('fails with States.TaskFailed when the query is %s', async (state) => {
    const execution = await report(['RUNNING', state]).machine.run();
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(execution.cause ?? '')).toMatchObject({ Status: { State: state } });
  });
});
