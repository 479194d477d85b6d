/** The escalation's definition, state by state, and an execution of it whose functions do as told. */
import { readFileSync } from 'node:fs';
import type { Assessment } from '../../handlers/alert/assess.ts';
import type { Payload } from '../../infra/local/engine/service.ts';
import { aMachine, type Handler } from '../infra/local/services/step-functions/machine.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Rule = { Condition: string; Next: string; Comment: string };
export type State = {
  Type: 'Task' | 'Choice' | 'Succeed';
  Comment: string;
  Resource?: string;
  Arguments?: { FunctionName: string; Payload: Json };
  Output?: Json;
  Assign?: Json;
  TimeoutSeconds?: Json;
  Choices?: Rule[];
  Default?: string;
  Catch?: { ErrorEquals: string[]; Next: string; Output?: Json }[];
  Retry?: { ErrorEquals: string[]; IntervalSeconds: number; BackoffRate: number; MaxAttempts: number }[];
  Next?: string;
};

export const text = readFileSync(new URL('../../workflows/escalation.asl.json', import.meta.url), 'utf8');
export const definition = JSON.parse(text) as {
  StartAt: string;
  QueryLanguage: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
};
export const states = Object.entries(definition.States);

export function state(name: string): State {
  const found = definition.States[name];
  if (!found) throw new Error(`There is no state ${name}`);
  return found;
}

/** What the assessment says besides, so that the state it names can do its work: each state that it can name. */
export const assessments: Record<Assessment['next'], Payload> = {
  'Page nurse': {},
  'Page nurse and doctor': {},
  'Page doctor': {},
  'Page lead': {},
  'Page everyone': {},
  'Move to the next step': { because: 'timeIsUp' },
  'Wait for the recheck': {},
  'Pause before calling again': {},
  'Begin a new round': { asking: 'repeat' },
  'Tell who need not come': {},
  'Close alert': {},
  Closed: {},
  'Taken over': {},
};
export const isAssessed = (name: string): name is Assessment['next'] => name in assessments;
export const pageStates = Object.keys(assessments)
  .filter(isAssessed)
  .filter((name) => name.startsWith('Page '));

export const waitSeconds = 100;

/**
 * Carries an alert that needs the state `next` when it is opened, and is closed after it. The functions, by their
 * placeholders, do nothing else; before each answers, `meets` is told of its how-manieth call, and may make it fail.
 */
export async function carry(
  next: Assessment['next'],
  meets: (functionName: string, count: number) => void = () => undefined,
) {
  const { States, StartAt, ...rest } = JSON.parse(text.replace(/\$\{(\w+)\}/g, '$1'));
  const calls: { name: string; at: number; payload: Payload }[] = [];
  const called =
    (name: string, answer: () => Payload = () => ({})): Handler =>
    (payload, { at }) => {
      calls.push({ name, at, payload });
      const count = calls.filter((call) => call.name === name).length;
      meets(name, count);
      return answer();
    };
  const functions = {
    OpenAlertFunctionArn: () => ({
      outcome: 'opened',
      alertId: 'alert-1',
      next,
      waitSeconds,
      ...assessments[next],
    }),
    AssessAlertFunctionArn: () => ({ next: 'Closed' }),
    PageCliniciansFunctionArn: undefined,
    MoveAlertFunctionArn: undefined,
    StandDownFunctionArn: undefined,
  };
  const machine = aMachine(
    { [StartAt]: States[StartAt], ...States },
    {
      ...rest,
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, answer]) => [name, called(name, answer)]),
      ),
    },
  );
  const { status, history } = await machine.run({ readingId: 'reading-1', alertKey: 'PATIENT#p-7' });
  const entered = history.events
    .filter(({ type }) => type === 'TaskStateEntered')
    .map(({ details }) => (details as Payload).name as string);
  return { status, calls, entered };
}
