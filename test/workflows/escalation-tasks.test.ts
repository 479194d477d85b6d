/** The escalation's definition: what each page and each move is given, how long it may take, and where it leads. */
import { describe, expect, test } from 'vitest';
import { MoveInput, PageInput } from '../../handlers/alert/workflow-inputs.ts';
import { anAlert, anOwnedAlert, aPagedAlert, at, lead, minute } from '../handlers/alert/builders.ts';
import { type Json, pageStates, state, states } from './escalation.ts';
import { carried, context, evaluate, payloadOf, seenOf } from './escalation-expressions.ts';

const waits = ['Wait for the recheck', 'Pause before calling again'];

describe('every page state', () => {
  test('there is one for each level, and one for an emergency', () => {
    expect(states.map(([name]) => name).filter((name) => name.startsWith('Page '))).toEqual([
      'Page nurse',
      'Page nurse and doctor',
      'Page doctor',
      'Page lead',
      'Page everyone',
    ]);
  });

  test('they differ in what a reader of the console sees, and in nothing else', () => {
    const comments = new Set(pageStates.map((name) => state(name).Comment));
    expect(comments.size).toBe(pageStates.length);
    const { Comment: _first, ...shared } = state('Page nurse');
    for (const name of pageStates) {
      const { Comment: _comment, ...one } = state(name);
      expect(one, name).toEqual(shared);
    }
  });

  test.each(pageStates)(
    '%s waits for an answer until the deadline, with what page-clinicians wants',
    async (name) => {
      const one = state(name);
      expect(one.Resource).toBe('arn:aws:states:::lambda:invoke.waitForTaskToken');
      expect(one.Arguments?.FunctionName).toBe('${PageCliniciansFunctionArn}');
      const seen = seenOf(anAlert({ step: { escalationLevel: 'lead' } }), at(5), [], [lead]);
      const bindings = { alert: carried, seen, states: { input: seen, context } };
      expect(PageInput.parse(await payloadOf(name, bindings))).toEqual({
        ...carried,
        round: 1,
        escalationLevel: 'lead',
        attempt: 0,
        level: 'critical',
        deadline: minute(2),
        taskToken: 'a-token',
      });
      expect(await evaluate(one.TimeoutSeconds ?? null, bindings)).toBe(115);
      expect(one.Next).toBe('Assess the alert');
    },
  );

  test.each(pageStates)(
    '%s: time out, mail that reaches nobody, and any other failure go on at once',
    (name) => {
      const { Catch, Retry = [] } = state(name);
      expect(Catch?.map(({ ErrorEquals, Next, Output }) => [ErrorEquals, Next, Output])).toEqual([
        [['States.Timeout'], 'Assess the alert', undefined],
        [['NobodyReached'], 'Move to the next step', { because: 'nobodyReached' }],
        [['States.ALL'], 'Move to the next step', { because: 'pageFailed' }],
      ]);
      // Neither a timeout nor an error that the function throws is tried again: the escalation goes on. A death is, twice, within 3 seconds.
      for (const { ErrorEquals } of Retry) {
        for (const error of ErrorEquals) expect(error).toMatch(/^(Lambda\.|Runtime\.ExitError$)/);
      }
    },
  );
});

describe('every move', () => {
  const moveOf = async (name: string, input: Json, seen = input) =>
    MoveInput.parse(await payloadOf(name, { alert: carried, seen, states: { input, context } }));

  test('the next step says why: what the assessment saw, or what was caught', async () => {
    const stood = { ...carried, round: 1, escalationLevel: 'nurse', attempt: 0, action: 'moveOn' };
    const late = seenOf(aPagedAlert(), minute(2));
    expect(await moveOf('Move to the next step', late)).toEqual({ ...stood, because: 'timeIsUp' });
    const paging = seenOf(anAlert(), at(1));
    for (const { Next, Output = null } of state('Page nurse').Catch ?? []) {
      if (Next !== 'Move to the next step') continue;
      const { because } = Output as { because: string };
      expect(await moveOf(Next, Output, paging)).toEqual({ ...stood, because });
    }
  });

  test('a new round says what it asks', async () => {
    const silent = seenOf(anOwnedAlert(), minute(16), []);
    expect(await moveOf('Begin a new round', silent)).toMatchObject({
      action: 'beginRound',
      asking: 'repeat',
    });
  });

  test('closing says which round', async () => {
    const good = seenOf(anOwnedAlert(), minute(16));
    expect(await moveOf('Close alert', good)).toMatchObject({ action: 'close', round: 1 });
  });

  test.each(waits)(
    '%s waits to be woken, until the deadline, and has the alert assessed again',
    async (name) => {
      const owned = seenOf(anOwnedAlert(), minute(2));
      expect(await moveOf(name, owned)).toMatchObject({ action: 'wait', taskToken: 'a-token' });
      const one = state(name);
      expect(one.Resource).toMatch(/\.waitForTaskToken$/);
      expect(await evaluate(one.TimeoutSeconds ?? null, { seen: owned })).toBe(14 * 60);
      expect(one.Catch).toMatchObject([{ ErrorEquals: ['States.Timeout'], Next: 'Assess the alert' }]);
      // A timeout that were retried would wait once more.
      expect(one.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.ALL');
    },
  );
});

describe('the time that a task may take', () => {
  test('that does not wait for a person: less than the minute in which its alert is not taken for stuck', () => {
    const plain = states.filter(([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke');
    expect(plain.map(([name]) => name)).toEqual([
      'Open alert',
      'Assess the alert',
      'Move to the next step',
      'Begin a new round',
      'Tell who need not come',
      'Close alert',
    ]);
    for (const [name, { TimeoutSeconds, Output }] of plain) {
      // In the console the output is the function's answer, without what Lambda says beside it.
      expect(Output, name).toBe('{% $states.result.Payload %}');
      expect(TimeoutSeconds, name).toBeGreaterThan(0);
      expect(TimeoutSeconds, name).toBeLessThan(60);
    }
  });

  test('that waits: until the alert’s own deadline', () => {
    const waiting = states.filter(([, { Resource }]) => Resource?.endsWith('.waitForTaskToken'));
    expect(waiting.map(([name]) => name)).toEqual([...pageStates, ...waits]);
    for (const [name, { TimeoutSeconds }] of waiting)
      expect(TimeoutSeconds, name).toBe('{% $seen.waitSeconds %}');
  });

  test('with its retries is over within the minute after which the sweeper steps in', () => {
    for (const [name, { Retry = [] }] of states) {
      for (const { IntervalSeconds, BackoffRate, MaxAttempts } of Retry) {
        let seconds = 0;
        for (let attempt = 0; attempt < MaxAttempts; attempt++)
          seconds += IntervalSeconds * BackoffRate ** attempt;
        expect(seconds, name).toBeLessThan(10);
      }
    }
  });
});
