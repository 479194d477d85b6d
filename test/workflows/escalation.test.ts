/** The escalation's definition: its way in, its choices, and that each state leads to others and is reached. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../handlers/alert/alert.ts';
import { AssessInput, OpenInput } from '../../handlers/alert/workflow-inputs.ts';
import {
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  aReadingAt,
  at,
  minute,
  nurse,
} from '../handlers/alert/builders.ts';
import { assessments, definition, type State, state, states, text } from './escalation.ts';
import {
  carried,
  choose,
  context,
  evaluate,
  executionName,
  payloadOf,
  seenOf,
} from './escalation-expressions.ts';

/** It comes without types. */
const aslValidator = createRequire(import.meta.url)('asl-validator') as (definition: object) => {
  isValid: boolean;
  errors: unknown[];
};

const newInput = {
  readingId: '3f9a0c21b7de4455aa',
  alertKey: carried.alertKey,
  level: 'critical',
  ward: 'ward-001',
  bed: '4',
  arrivedAt: at(-1),
};
const resumeInput = { resume: true, alertId: carried.alertId, ...newInput };

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

  test('calls five functions, by the placeholders that the template binds', () => {
    const placeholders = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(placeholders)].sort()).toEqual([
      'AssessAlertFunctionArn',
      'MoveAlertFunctionArn',
      'OpenAlertFunctionArn',
      'PageCliniciansFunctionArn',
      'StandDownFunctionArn',
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

  test('comes back to the assessment after every task, and never ends by itself', () => {
    for (const [name, one] of states) {
      if (one.Type !== 'Task') continue;
      const isAssessed = name === 'Open alert' || name === 'Assess the alert';
      expect(one.Next, name).toBe(isAssessed ? 'What now?' : 'Assess the alert');
    }
    const ends = states.filter(([, one]) => one.Type === 'Succeed').map(([name]) => name);
    expect(ends).toEqual(['Joined', 'Closed', 'Taken over']);
  });
});

describe('the way in', () => {
  const open = state('Open alert');

  test.each([
    ['a new reading', newInput, { readingId: newInput.readingId, alertKey: carried.alertKey, executionName }],
    ['what the sweeper resumes', resumeInput, { resume: true, ...carried, executionName }],
  ])('%s comes first to Open alert, which is told what it needs', async (_what, input, told) => {
    expect(definition.StartAt).toBe('Open alert');
    expect(OpenInput.parse(await payloadOf('Open alert', { states: { input, context } }))).toEqual(told);
    const result = { Payload: { outcome: 'any', alertId: carried.alertId, ...seenOf(anAlert(), at(1)) } };
    const after = { states: { input, context, result } };
    expect(await evaluate(open.Assign ?? null, after)).toEqual({
      alert: { ...carried, executionName },
      seen: result.Payload,
    });
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

  test('what has joined ends there, and what has not goes where its first assessment says', async () => {
    expect(await choose('What now?', { outcome: 'joined', alertId: null, next: 'Joined' })).toBe('Joined');
    const assessed = { outcome: 'opened', alertId: carried.alertId, ...seenOf(anAlert(), at(1)) };
    expect(await choose('What now?', assessed)).toBe('Page nurse');
  });
});

describe('the assessment', () => {
  test('is asked about the alert, and what it says is kept', async () => {
    const { Assign = null, Output = null } = state('Assess the alert');
    for (const name of ['Assess the alert', 'Tell who need not come']) {
      const payload = await payloadOf(name, { alert: carried, states: { context } });
      expect(AssessInput.parse(payload)).toEqual(carried);
    }
    const result = { Payload: seenOf(anAlert(), minute(1)) };
    expect(await evaluate(Assign, { states: { result } })).toEqual({ seen: result.Payload });
    expect(await evaluate(Output, { states: { result } })).toEqual(result.Payload);
  });

  const called = (alert: Alert, notBefore: string | null = null): Alert => ({
    ...alert,
    called: { whom: ['doctor-1'], notBefore },
  });
  const onLevel = (escalationLevel: Alert['step']['escalationLevel'], emergency = false) =>
    anAlert({
      ...(emergency && { worst: 'emergency', announced: 'emergency' }),
      step: { escalationLevel },
    });
  test.each<[next: string, Alert, now: string, Parameters<typeof seenOf>[2]?]>([
    ['Page nurse', anAlert(), at(1)],
    ['Page doctor', onLevel('doctor'), at(1)],
    ['Page lead', onLevel('lead'), at(1)],
    ['Page everyone', onLevel('everyone'), at(1)],
    ['Page nurse and doctor', anAlert({ worst: 'emergency' }), at(1)],
    ['Page nurse and doctor', onLevel('doctor', true), at(1)],
    ['Page lead', onLevel('lead', true), at(1)],
    ['Page everyone', onLevel('everyone', true), at(1)],
    ['Move to the next step', aPagedAlert(), minute(2)],
    ['Move to the next step', aPagedAlert({ round: { declined: [nurse.id] } }), minute(1)],
    ['Wait for the recheck', anOwnedAlert(), minute(2)],
    ['Tell who need not come', called(anOwnedAlert()), minute(2)],
    ['Tell who need not come', called(aClosedAlert()), minute(17)],
    ['Wait for the recheck', called(anOwnedAlert(), minute(3)), minute(2)],
    ['Pause before calling again', called(aClosedAlert(), minute(18)), minute(17)],
    ['Begin a new round', anOwnedAlert(), minute(16), []],
    ['Begin a new round', anOwnedAlert({ worst: 'emergency' }), minute(2)],
    ['Close alert', anOwnedAlert(), minute(16)],
    [
      'Pause before calling again',
      aPagedAlert({
        step: { escalationLevel: 'everyone' },
        standing: { is: 'backingOff', deadline: minute(2), dueAt: minute(3) },
      }),
      minute(1),
    ],
    ['Closed', aClosedAlert(), minute(16)],
    ['Taken over', anAlert({ executionName: 'exec-2' }), minute(1)],
  ])('leads to %s', async (next, alert, now, recent) => {
    expect(await choose('What now?', seenOf(alert, now, recent))).toBe(next);
  });

  test.each(Object.keys(assessments))(
    'that names %s leads there, and nothing else of it matters',
    async (next) => {
      expect(await choose('What now?', { next })).toBe(next);
    },
  );

  test('that names a state which is not listed ends the execution, and so reaches the sweeper', async () => {
    expect(await choose('What now?', { next: 'Dance' })).toBeUndefined();
    expect(await choose('What now?', {})).toBeUndefined();
  });

  test('is looked up by name: every state that it can name is listed once, and beside them what has joined', () => {
    const { Choices: rules = [], Default } = state('What now?');
    expect(rules.map(({ Next }) => Next).toSorted()).toEqual(
      [...Object.keys(assessments), 'Joined'].toSorted(),
    );
    for (const { Comment, ...lookup } of rules) {
      const { Next } = lookup;
      expect(lookup).toEqual({ Condition: `{% $states.input.next = '${Next}' %}`, Next });
      expect(Comment, Next).toMatch(/^[A-Z]/);
    }
    expect(Default).toBeUndefined();
  });

  test('has neither people nor values in what it hands to the states', () => {
    const known = [
      'next',
      'because',
      'asking',
      'round',
      'escalationLevel',
      'attempt',
      'level',
      'deadline',
      'waitSeconds',
    ];
    for (const seen of [
      seenOf(anAlert(), at(1)),
      seenOf(aPagedAlert({ round: { declined: [nurse.id] } }), at(1)),
      seenOf(anOwnedAlert(), minute(16), [aReadingAt(10, 'critical')]),
    ]) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(seen)));
    }
  });
});
