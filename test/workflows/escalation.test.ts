/** The escalation's definition: every expression evaluated, every choice and every way out walked, as Step Functions would. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { look } from '../../handlers/alert/look.ts';
import { LookInput, MoveInput, OpenInput, PageInput } from '../../handlers/alert/workflow-inputs.ts';
import {
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  lead,
  minute,
  nurse,
} from '../handlers/alert/builders.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Rule = { Condition: string; Next: string; Assign?: Json; Comment?: string };
type Catcher = { ErrorEquals: string[]; Next: string; Output?: Json };
type State = {
  Type: 'Task' | 'Choice' | 'Succeed';
  Comment: string;
  Resource?: string;
  Arguments?: { FunctionName: string; Payload: Json };
  Output?: Json;
  Assign?: Json;
  TimeoutSeconds?: Json;
  Choices?: Rule[];
  Default?: string;
  Catch?: Catcher[];
  Retry?: { ErrorEquals: string[]; IntervalSeconds: number; BackoffRate: number; MaxAttempts: number }[];
  Next?: string;
};

/** It comes without types. */
const aslValidator = createRequire(import.meta.url)('asl-validator') as (definition: object) => {
  isValid: boolean;
  errors: unknown[];
};

const text = readFileSync(new URL('../../workflows/escalation.asl.json', import.meta.url), 'utf8');
const definition = JSON.parse(text) as {
  StartAt: string;
  QueryLanguage: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
};
const states = Object.entries(definition.States);
const state = (name: string): State => {
  const found = definition.States[name];
  if (!found) throw new Error(`There is no state ${name}`);
  return found;
};

/** Step Functions fails a state whose expression gives nothing, so does this. */
async function evaluate(template: Json, bindings: Record<string, Json>): Promise<Json> {
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluate(item, bindings)));
  if (template !== null && typeof template === 'object') {
    const fields = Object.entries(template).map(async ([name, value]) => [
      name,
      await evaluate(value, bindings),
    ]);
    return Object.fromEntries(await Promise.all(fields));
  }
  if (typeof template !== 'string' || !template.startsWith('{%')) return template;
  const value = await jsonata(template.slice(2, -2)).evaluate(undefined, bindings);
  if (value === undefined) throw new Error(`Nothing comes of ${template}`);
  return JSON.parse(JSON.stringify(value)) as Json;
}

const executionName = 'critical-ward-001-4-20261124T0300Z-3f9a0c21b7de';
const context = { Execution: { Name: executionName, Input: {} }, Task: { Token: 'a-token' } };
const newInput = {
  readingId: '3f9a0c21b7de4455aa',
  alertKey: 'PATIENT#p-7',
  level: 'critical',
  ward: 'ward-001',
  bed: '4',
  arrivedAt: at(-1),
};
const resumeInput = { resume: true, alertId: '3f9a0c21b7de4455', ...newInput };
const carried = { alertKey: 'PATIENT#p-7', alertId: '3f9a0c21b7de4455', executionName: 'exec-1' };

/** Where a Choice leads for an input; every condition has to say true or false. */
async function choose(name: string, input: Json): Promise<Rule | { Next: string | undefined }> {
  const { Choices = [], Default } = state(name);
  let chosen: Rule | undefined;
  for (const rule of Choices) {
    const holds = await evaluate(rule.Condition, { states: { input, context } });
    expect(holds, rule.Condition).toBeTypeOf('boolean');
    if (holds === true) chosen ??= rule;
  }
  return chosen ?? { Next: Default };
}

/** What Look says of an alert, as the workflow receives it: JSON. */
function seenOf(
  alert: Alert,
  now: string,
  recent = [aReadingAt(10)],
  people = [nurse],
): Record<string, Json> {
  const me = { me: 'exec-1', alertId: carried.alertId };
  return JSON.parse(JSON.stringify(look(alert, me, { people, recent }, now)));
}

describe('the definition', () => {
  test('is valid Amazon States Language, in JSONata', () => {
    const { isValid, errors } = aslValidator(
      JSON.parse(text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:eu-west-2:1:function:f')),
    );
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
    expect(definition.QueryLanguage).toBe('JSONata');
  });

  test('says in the console what each state is for, in at most 20 of them', () => {
    expect(states.length).toBeLessThanOrEqual(20);
    for (const [name, { Comment }] of states) expect(Comment, name).toMatch(/^[A-Z].{20,}/);
  });

  test('ends itself after a day, long before its history is full', () => {
    expect(definition.TimeoutSeconds).toBe(86_400);
  });

  test('calls four functions, by the placeholders that the template binds', () => {
    const placeholders = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(placeholders)].sort()).toEqual([
      'LookAtAlertFunctionArn',
      'MoveAlertFunctionArn',
      'OpenAlertFunctionArn',
      'PageCliniciansFunctionArn',
    ]);
  });

  test('leads nowhere but to its own states, and to each of them', () => {
    const leadsTo = (one: State) =>
      [
        one.Next,
        one.Default,
        ...(one.Choices ?? []).map((rule) => rule.Next),
        ...(one.Catch ?? []).map((c) => c.Next),
      ].filter((next) => next !== undefined);
    const reached = new Set([definition.StartAt, ...states.flatMap(([, one]) => leadsTo(one))]);
    expect([...reached].sort()).toEqual(Object.keys(definition.States).sort());
  });
});

describe('the way in', () => {
  const open = state('Open alert');

  test.each([
    ['a new reading', newInput, { readingId: newInput.readingId, executionName }],
    ['what the sweeper resumes', resumeInput, { resume: true, alertId: carried.alertId, executionName }],
  ])('%s comes first to Open alert, which is told what it needs', async (_what, input, told) => {
    expect(definition.StartAt).toBe('Open alert');
    const bindings = { states: { input, context } };
    expect(OpenInput.parse(await evaluate(open.Arguments?.Payload ?? null, bindings))).toEqual(told);
    const result = { Payload: { outcome: 'any', alertId: carried.alertId } };
    const after = { states: { input, context, result } };
    expect(await evaluate(open.Assign ?? null, after)).toEqual({ alert: { ...carried, executionName } });
    expect(await evaluate(open.Output ?? null, after)).toEqual(result.Payload);
  });

  test('one that joined ends with what a glance at its output should say, and no more', async () => {
    const { Output = null } = state('Joined');
    const said = { outcome: 'joined', reference: 'VG 7VZ52Q', carriedBy: executionName };
    const input = { ...said, alertId: carried.alertId };
    expect(await evaluate(Output, { states: { input, context } })).toEqual(said);
    const unknown = { outcome: 'joined', alertId: null, reference: null, carriedBy: null };
    expect(await evaluate(Output, { states: { input: unknown, context } })).toEqual({
      outcome: 'joined',
      reference: null,
      carriedBy: null,
    });
  });

  test.each([
    ['opened', 'Look at the alert'],
    ['taken over', 'Look at the alert'],
    ['resumed', 'Look at the alert'],
    ['joined', 'Joined'],
    // A word that the definition does not know fails the execution, and so reaches the sweeper and the operations.
    ['something else', undefined],
  ])('%s leads to %s', async (outcome, next) => {
    expect((await choose('Opened or joined?', { outcome, alertId: null })).Next).toBe(next);
  });
});

describe('Look', () => {
  test('is asked about the alert, and what it says is kept', async () => {
    const at = state('Look at the alert');
    const payload = await evaluate(at.Arguments?.Payload ?? null, { alert: carried, states: { context } });
    expect(LookInput.parse(payload)).toEqual(carried);
    const result = { Payload: seenOf(anAlert(), minute(1)) };
    expect(await evaluate(at.Assign ?? null, { states: { result } })).toEqual({ seen: result.Payload });
    expect(await evaluate(at.Output ?? null, { states: { result } })).toEqual(result.Payload);
  });

  const emergency = { worst: 'emergency', announced: 'emergency' } as const;
  test.each<[string, Alert, string, Parameters<typeof seenOf>[2]?]>([
    ['Page nurse', anAlert(), at(1)],
    ['Page doctor', anAlert({ rung: 'doctor' }), at(1)],
    ['Page lead', anAlert({ rung: 'lead' }), at(1)],
    ['Page everyone', anAlert({ rung: 'everyone' }), at(1)],
    ['Page nurse and doctor', anAlert({ worst: 'emergency' }), at(1)],
    ['Page nurse and doctor', anAlert({ ...emergency, rung: 'doctor' }), at(1)],
    ['Page lead', anAlert({ ...emergency, rung: 'lead' }), at(1)],
    ['Page everyone', anAlert({ ...emergency, rung: 'everyone' }), at(1)],
    ['Move to the next step', aPagedAlert(), minute(2)],
    ['Move to the next step', aPagedAlert({ declined: [nurse.id] }), minute(1)],
    ['Wait for the recheck', anOwnedAlert(), minute(2)],
    ['Begin a new round', anOwnedAlert(), minute(16), []],
    ['Begin a new round', anOwnedAlert({ worst: 'emergency' }), minute(2)],
    ['Close alert', anOwnedAlert(), minute(16)],
    ['Pause before calling again', aPagedAlert({ rung: 'everyone', resting: true }), minute(1)],
    ['Closed', anOwnedAlert({ status: 'closed' }), minute(16)],
    ['Taken over', anAlert({ executionName: 'exec-2' }), minute(1)],
  ])('leads to %s', async (next, alert, now, recent) => {
    expect((await choose('What now?', seenOf(alert, now, recent))).Next).toBe(next);
  });

  test('a step that the definition does not know ends the execution, and so reaches the sweeper', async () => {
    expect((await choose('What now?', { step: 'dance' })).Next).toBeUndefined();
    expect((await choose('What now?', {})).Next).toBeUndefined();
  });
});

const pageStates = states.filter(([name]) => name.startsWith('Page '));
const waits = ['Wait for the recheck', 'Pause before calling again'];

describe('every page state', () => {
  test('there is one for each rung, and one for an emergency', () => {
    expect(pageStates.map(([name]) => name)).toEqual([
      'Page nurse',
      'Page nurse and doctor',
      'Page doctor',
      'Page lead',
      'Page everyone',
    ]);
  });

  test.each(pageStates)(
    '%s waits for an answer until the deadline, with what page-clinicians wants',
    async (_name, one) => {
      expect(one.Resource).toBe('arn:aws:states:::lambda:invoke.waitForTaskToken');
      expect(one.Arguments?.FunctionName).toBe('${PageCliniciansFunctionArn}');
      const seen = seenOf(anAlert({ rung: 'lead' }), at(5), [], [lead]);
      const bindings = { alert: carried, seen, states: { input: seen, context } };
      expect(PageInput.parse(await evaluate(one.Arguments?.Payload ?? null, bindings))).toEqual({
        ...carried,
        round: 1,
        rung: 'lead',
        pass: 0,
        level: 'critical',
        deadline: minute(2),
        taskToken: 'a-token',
      });
      expect(await evaluate(one.TimeoutSeconds ?? null, bindings)).toBe(115);
      expect(one.Next).toBe('Look at the alert');
    },
  );

  test.each(pageStates)(
    '%s: time out, mail that reaches nobody, and any other failure go on at once',
    async (_name, one) => {
      expect(one.Catch?.map(({ ErrorEquals, Next, Output }) => [ErrorEquals, Next, Output])).toEqual([
        [['States.Timeout'], 'Look at the alert', undefined],
        [['NobodyReached'], 'Move to the next step', { because: 'nobody could be reached' }],
        [['States.ALL'], 'Move to the next step', { because: 'the page failed' }],
      ]);
      // Neither a timeout nor an error that the function throws is tried again: the ladder goes on. A death is, twice, within 3 seconds.
      for (const { ErrorEquals } of one.Retry ?? []) {
        for (const error of ErrorEquals) expect(error).toMatch(/^(Lambda\.|Runtime\.ExitError$)/);
      }
    },
  );
});

describe('every move', () => {
  const seen = seenOf(aPagedAlert(), minute(2));
  const payloadOf = async (name: string, input: Json, seen: Json) => {
    const payload = state(name).Arguments?.Payload ?? null;
    return MoveInput.parse(await evaluate(payload, { alert: carried, seen, states: { input, context } }));
  };

  test('the next step says why: what Look saw, or what was caught', async () => {
    const stood = { ...carried, round: 1, rung: 'nurse', pass: 0, action: 'next' };
    expect(await payloadOf('Move to the next step', seen, seen)).toEqual({ ...stood, because: 'time is up' });
    const paging = seenOf(anAlert(), at(1));
    for (const { Next, Output } of state('Page nurse').Catch ?? []) {
      if (Next !== 'Move to the next step') continue;
      const because = (Output as { because: string }).because;
      expect(await payloadOf(Next, Output ?? null, paging)).toEqual({ ...stood, because });
    }
  });

  test('a new round says what it asks', async () => {
    const silent = seenOf(anOwnedAlert(), minute(16), []);
    expect(await payloadOf('Begin a new round', silent, silent)).toMatchObject({
      action: 'new round',
      asking: 'repeat',
    });
  });

  test('closing says which round', async () => {
    const good = seenOf(anOwnedAlert(), minute(16));
    expect(await payloadOf('Close alert', good, good)).toMatchObject({ action: 'close', round: 1 });
  });

  test.each(waits)('%s waits with a bell, until the deadline, and looks again', async (name) => {
    const owned = seenOf(anOwnedAlert(), minute(2));
    expect(await payloadOf(name, owned, owned)).toMatchObject({ action: 'wait', taskToken: 'a-token' });
    const one = state(name);
    expect(one.Resource).toMatch(/\.waitForTaskToken$/);
    expect(await evaluate(one.TimeoutSeconds ?? null, { seen: owned })).toBe(14 * 60);
    expect(one.Catch).toMatchObject([{ ErrorEquals: ['States.Timeout'], Next: 'Look at the alert' }]);
    // A timeout that were retried would wait once more.
    expect(one.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.ALL');
  });

  test('the workflow comes back to Look after every one of them, and never ends by itself', () => {
    for (const [name, one] of states) {
      if (one.Type !== 'Task' || name === 'Open alert') continue;
      expect(one.Next, name).toBe(name === 'Look at the alert' ? 'What now?' : 'Look at the alert');
    }
    const ends = states.filter(([, one]) => one.Type === 'Succeed').map(([name]) => name);
    expect(ends).toEqual(['Joined', 'Closed', 'Taken over']);
  });

  test('a task that does not wait for a person is over within that minute, in which its alert is not taken for stuck', () => {
    const plain = states.filter(([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke');
    expect(plain.map(([name]) => name)).toEqual([
      'Open alert',
      'Look at the alert',
      'Move to the next step',
      'Begin a new round',
      'Close alert',
    ]);
    for (const [name, { TimeoutSeconds }] of plain) {
      expect(TimeoutSeconds, name).toBeGreaterThan(0);
      expect(TimeoutSeconds, name).toBeLessThan(60);
    }
  });

  test('a task that waits does so until the alert’s own deadline', () => {
    const waiting = states.filter(([, { Resource }]) => Resource?.endsWith('.waitForTaskToken'));
    expect(waiting.map(([name]) => name)).toEqual([...pageStates.map(([name]) => name), ...waits]);
    for (const [name, { TimeoutSeconds }] of waiting)
      expect(TimeoutSeconds, name).toBe('{% $seen.waitSeconds %}');
  });

  test('retries are over within the minute after which the sweeper steps in', () => {
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

test('what Look hands to the states has neither people nor values in it', () => {
  const known = [
    'step',
    'because',
    'asking',
    'round',
    'rung',
    'pass',
    'level',
    'emergency',
    'deadline',
    'waitSeconds',
  ];
  for (const seen of [
    seenOf(anAlert(), at(1)),
    seenOf(aPagedAlert({ declined: [nurse.id] }), at(1)),
    seenOf(anOwnedAlert(), minute(16), [aReadingAt(10, 'critical')]),
  ]) {
    expect(known).toEqual(expect.arrayContaining(Object.keys(seen)));
  }
});
