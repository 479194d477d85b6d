/** The nightly report's definition, run: the order of things, what each step is given, and what happens when one fails. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../../infra/local/engine/aws-error.ts';
import type { Payload, Service } from '../../infra/local/engine/service.ts';
import { aMachine, type Handler, output } from '../infra/local/services/step-functions/machine.ts';

/** With each placeholder bound to its own name. */
const definition = JSON.parse(
  readFileSync('workflows/nightly-report.asl.json', 'utf8').replace(/\$\{(\w+)\}/g, '$1'),
);
const window = { from: '2026-03-02T06:00:00.000Z', to: '2026-03-03T06:00:00.000Z', zone: 'Europe/London' };
const openAlerts = { dt: '2026-03-03', runId: 'one' };
const queries = [
  { name: 'summary', sql: 'SELECT 1' },
  { name: 'reconciliation', sql: 'SELECT 2' },
];
const rendered = {
  reconciled: true,
  summaryKey: 'reports/1.json',
  mail: { subject: 'the subject', message: 'the message' },
  gaps: '',
};

type Step = 'choose' | 'list' | 'render' | 'query' | 'publish';

/** The machine with functions, queries and topics that do as they should, but for `wrong`. */
function night(
  wrong: {
    fails?: Partial<Record<Step, (attempt: number, what: string) => void>>;
    rendered?: Payload;
    /** So many attempts of each query never end. */
    hangs?: number;
  } = {},
) {
  const attempts = new Map<string, number>();
  const attempt = (step: Step, what: string = step) => {
    const count = (attempts.get(what) ?? 0) + 1;
    attempts.set(what, count);
    wrong.fails?.[step]?.(count, what);
  };
  const given: Record<string, Payload> = {};
  const asked: { at: number; input: Payload }[] = [];
  const answers =
    (step: Step, answer: Payload): Handler =>
    (payload) => {
      attempt(step);
      given[step] = payload;
      return answer;
    };
  const published: Payload[] = [];
  const { States, StartAt, ...rest } = definition;
  const machine = aMachine(States, {
    ...rest,
    functions: {
      ChooseReportWindowFunctionArn: answers('choose', { window, openAlerts, queries }),
      ListOpenAlertsFunctionArn: answers('list', { open: 1 }),
      RenderReportFunctionArn: answers('render', wrong.rendered ?? rendered),
      NotifyFunctionArn: (payload) => {
        attempt('publish', payload.to);
        return { messageId: String(published.push(payload)) };
      },
    },
  });
  expect(StartAt).toBe(Object.keys(States)[0]);
  const athena: Service = {
    id: 'athena',
    resources: {},
    operations: {
      StartQueryExecution: {
        options: ['QueryString', 'QueryExecutionContext', 'WorkGroup'],
        permissions: () => [],
        run(input) {
          attempt('query', input.QueryString);
          asked.push({ at: machine.account.clock.now(), input });
          const hanging = (attempts.get(input.QueryString) ?? 0) <= (wrong.hangs ?? 0);
          return { QueryExecutionId: hanging ? 'hanging' : `id of ${input.QueryString}` };
        },
      },
      GetQueryExecution: {
        options: ['QueryExecutionId'],
        permissions: () => [],
        run: ({ QueryExecutionId }) => ({
          QueryExecution: {
            QueryExecutionId,
            Status: { State: QueryExecutionId === 'hanging' ? 'RUNNING' : 'SUCCEEDED' },
          },
        }),
      },
    },
  };
  machine.account.add(() => athena);
  const names = () =>
    machine.service
      .executions()
      .at(-1)
      ?.history.events.filter(({ type }) => type.endsWith('StateEntered'))
      .map(({ details }) => String((details as Payload).name)) ?? [];
  return {
    ...machine,
    given,
    asked,
    names,
    published,
    readers: () => published.map(({ to }) => to),
  };
}

const throttled = () => {
  throw new AwsError('TooManyRequestsException', 'Rate exceeded');
};
/** The longest time-out of the report's functions, in seconds: that of render-report in infra/stack/analytics.ts. */
const longestFunctionSeconds = 120;
/** What a function that dies answers. */
const dead = () => {
  throw Object.assign(new Error('Runtime exited with error'), { name: 'Runtime.ExitError' });
};
const broken = () => {
  throw new AwsError('InvalidRequestException', 'it broke');
};

describe('a night in order', () => {
  test('goes from the window by the list and the queries to the mail', async () => {
    const it = night();
    const execution = await it.run({});
    expect(execution.status).toBe('SUCCEEDED');
    expect(output(execution)).toEqual({ reconciled: true, summaryKey: 'reports/1.json' });
    expect(it.names()).toEqual([
      'Choose the window',
      'List the open alerts',
      'Wait for the archive',
      'Query the archive',
      'Ask Athena',
      'Ask Athena',
      'Render the report',
      'Is everything reconciled?',
      'Send the report',
      'Reported',
    ]);
    expect(it.published).toEqual([
      { to: 'reportReaders', id: 'one', subject: 'the subject', message: 'the message' },
    ]);
  });

  test('takes a window that is asked for to the function that checks it', async () => {
    const it = night();
    await it.run({ from: window.from, to: window.to });
    expect(it.given.choose).toMatchObject({
      window: { from: window.from, to: window.to },
      executionName: 'one',
    });
    expect(it.given.list).toEqual(openAlerts);
  });

  test('is the night before the execution began, whenever the function is asked', async () => {
    const it = night({ fails: { choose: (attempt) => attempt < 3 && throttled() } });
    const { startDate } = await it.run({});
    expect(it.given.choose).toMatchObject({ window: {}, startedAt: new Date(startDate).toISOString() });
  });

  test('asks the archive five minutes after the list, so that what the list knows has arrived', async () => {
    const it = night();
    const begun = it.account.clock.now();
    await it.run({});
    for (const { at } of it.asked) expect((at - begun) / 1000).toBeGreaterThanOrEqual(300);
  });

  test('asks each query as it was given; the report reads their results by name', async () => {
    const it = night();
    await it.run({});
    expect(it.asked.map(({ input }) => input)).toEqual(
      expect.arrayContaining(
        queries.map(({ sql }) => ({
          QueryString: sql,
          WorkGroup: 'WorkGroup',
          QueryExecutionContext: { Database: 'Database' },
        })),
      ),
    );
    expect(it.asked).toHaveLength(queries.length);
    expect(it.given.render).toEqual({
      window,
      queries: { summary: 'id of SELECT 1', reconciliation: 'id of SELECT 2' },
    });
  });
});

test('gaps: the operations hear of them, without ids, and the report is sent all the same', async () => {
  const it = night({ rendered: { ...rendered, reconciled: false, gaps: 'alerts without a page: 2' } });
  expect((await it.run({})).status).toBe('SUCCEEDED');
  expect(it.readers()).toEqual(['operations', 'reportReaders']);
  expect(it.published[0]).toMatchObject({
    subject: 'Vigil: the night is not reconciled',
    message: expect.stringContaining('alerts without a page: 2'),
  });
});

test('gaps that the operations cannot be told of keep no report from quality', async () => {
  const it = night({
    rendered: { ...rendered, reconciled: false, gaps: 'alerts without a page: 2' },
    fails: { publish: (_attempt, topic) => topic === 'operations' && throttled() },
  });
  const execution = await it.run({});
  expect(execution.status).toBe('SUCCEEDED');
  expect(output(execution)).toEqual({ reconciled: false, summaryKey: 'reports/1.json' });
  expect(it.published).toEqual([
    { to: 'reportReaders', id: 'one', subject: 'the subject', message: 'the message' },
  ]);
});

/** The mail to the operations is refused twice, and then taken. */
const operationsAtLast = (attempt: number, topic: string) =>
  topic === 'operations' && attempt < 3 && throttled();

test('gaps that the operations cannot be told of at first are told a little later', async () => {
  const it = night({
    rendered: { ...rendered, reconciled: false, gaps: 'alerts without a page: 2' },
    fails: { publish: operationsAtLast },
  });
  expect((await it.run({})).status).toBe('SUCCEEDED');
  expect(it.readers()).toEqual(['operations', 'reportReaders']);
});

describe('a failure', () => {
  test.each<[Step, string, string]>([
    ['choose', 'Choose the window', 'Lambda.InvalidRequestException'],
    ['list', 'List the open alerts', 'Lambda.InvalidRequestException'],
    ['query', 'Query the archive', 'Athena.InvalidRequestException'],
    ['render', 'Render the report', 'Lambda.InvalidRequestException'],
    ['publish', 'Send the report', 'Lambda.InvalidRequestException'],
  ])('of %s fails the execution in its own state, where a redrive goes on', async (step, state, error) => {
    const it = night({ fails: { [step]: broken } });
    const execution = await it.run({});
    expect(execution).toMatchObject({ status: 'FAILED', error });
    expect(it.readers()).toEqual([]);
    // A redrive begins at the states that were entered and never left.
    const left = execution.history.events
      .filter(({ type }) => type.endsWith('StateExited'))
      .map(({ details }) => String((details as Payload).name));
    const entered = new Set(it.names());
    expect([...entered].filter((name) => !left.includes(name) && name !== 'Ask Athena')).toEqual([state]);
  });

  test('ends in no state that a redrive would only repeat', () => {
    const types = Object.values<Payload>(definition.States).map(({ Type }) => Type);
    expect(types).not.toContain('Fail');
  });

  test.each<[Step]>([['choose'], ['list'], ['query'], ['render'], ['publish']])(
    'of %s that passes is tried again, and nobody hears of it',
    async (step) => {
      const it = night({ fails: { [step]: (attempt: number) => attempt < 3 && throttled() } });
      expect((await it.run({})).status).toBe('SUCCEEDED');
      expect(it.readers()).toEqual(['reportReaders']);
    },
  );

  test.each<[Step]>([['choose'], ['list'], ['render']])(
    'of a %s that dies is tried again, and nobody hears of it',
    async (step) => {
      const it = night({ fails: { [step]: (attempt: number) => attempt < 3 && dead() } });
      expect((await it.run({})).status).toBe('SUCCEEDED');
      expect(it.readers()).toEqual(['reportReaders']);
    },
  );

  test.each<[Step, string]>([
    ['choose', 'choose'],
    ['list', 'list'],
    ['render', 'render'],
    ['publish', 'reportReaders'],
  ])('of %s that comes again each time is not tried again', async (step, what) => {
    const attempts: string[] = [];
    const fails = (_attempt: number, asked: string) => {
      attempts.push(asked);
      throw Object.assign(new Error('runId: expected text'), { name: 'Malformed' });
    };
    const execution = await night({ fails: { [step]: fails } }).run({});
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Malformed' });
    expect(attempts).toEqual([what]);
  });

  test('of Athena for twenty minutes delays the report, and no more', async () => {
    const it = night({ fails: { query: (attempt: number) => attempt < 9 && throttled() } });
    expect((await it.run({})).status).toBe('SUCCEEDED');
    expect(it.readers()).toEqual(['reportReaders']);
  });

  test('of a query that takes longer than a quarter of an hour asks it again', async () => {
    const it = night({ hangs: 2 });
    const begun = it.account.clock.now();
    const execution = await it.run({});
    expect(execution.status).toBe('SUCCEEDED');
    expect(it.readers()).toEqual(['reportReaders']);
    expect(((execution.stopDate ?? 0) - begun) / 1000).toBeGreaterThan(2 * 900);
  });

  test('all attempts together end before the execution does, however long each takes', () => {
    let seconds = definition.States['Wait for the archive'].Seconds;
    const tasks = [
      ...Object.values<Payload>(definition.States),
      ...Object.values<Payload>(definition.States['Query the archive'].ItemProcessor.States),
    ].filter(({ Type }) => Type === 'Task');
    for (const { Retry, TimeoutSeconds = longestFunctionSeconds } of tasks) {
      const {
        IntervalSeconds,
        BackoffRate,
        MaxAttempts,
        MaxDelaySeconds = Number.POSITIVE_INFINITY,
      } = Retry.find(({ ErrorEquals }: Payload) => ErrorEquals.includes('States.TaskFailed'));
      seconds += (MaxAttempts + 1) * TimeoutSeconds;
      for (let attempt = 0; attempt < MaxAttempts; attempt++)
        seconds += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds);
    }
    expect(seconds).toBeLessThan(definition.TimeoutSeconds);
  });
});

test('a console reader understands it: about 20 states at most, each task with a comment', () => {
  expect(Object.keys(definition.States).length).toBeLessThanOrEqual(20);
  const tasks = Object.values<Payload>(definition.States).filter(({ Type }) => Type === 'Task');
  for (const { Comment } of tasks) expect(Comment).toBeTruthy();
});
