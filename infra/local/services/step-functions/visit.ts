/**
 * One visit of a state, and what its expressions see.
 *
 * - `$states` has input, result, errorOutput and context; variables stand beside it.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 * - The context object: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 * - A failed evaluation is recorded as EvaluationFailed and fails the state with `States.QueryEvaluationError`.
 *   https://docs.aws.amazon.com/step-functions/latest/apireference/API_EvaluationFailedEventDetails.html
 */
import type { Random } from '../../engine/random.ts';
import type { Account } from '../../engine/service.ts';
import { type Definition, maximumSeconds } from './definition.ts';
import { EvaluationError, StateError } from './errors.ts';
import { evaluate, type Json } from './expressions.ts';
import type { History, Thread } from './history.ts';
import type { Life } from './life.ts';
import type { TaskTokens } from './tokens.ts';

export type StateMachine = { arn: string; name: string; roleArn: string; definition: Definition };

/** What every execution of the account shares. */
export type Engine = { account: Account; random: Random; tokens: TaskTokens };

export type Execution = {
  readonly executionArn: string;
  readonly name: string;
  readonly machine: StateMachine;
  /** JSON, as given. */
  readonly input: string;
  /** Virtual epoch milliseconds, like `stopDate`. */
  readonly startDate: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  redriveCount: number;
  readonly history: History;
  /** Of the execution as a whole; a redrive gives it another life. */
  readonly scope: Scope;
  /** The state that it is in or about to enter, and its input: where a redrive goes on. */
  at: { name: string; input: string };
};

/** The whole execution or one branch: its life, its place in the history, its variables as JSON text. */
export type Scope = { life: Life; readonly thread: Thread; readonly variables: Record<string, string> };

export type Visit = {
  readonly engine: Engine;
  readonly execution: Execution;
  readonly scope: Scope;
  readonly name: string;
  /** JSON. */
  readonly input: string;
  readonly enteredAt: number;
  readonly enteredId: number;
  retryCount: number;
  token?: string;
};

function contextOf({ execution, name, enteredAt, retryCount, token }: Visit): Json {
  const { machine } = execution;
  return {
    Execution: {
      Id: execution.executionArn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: machine.roleArn,
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: execution.redriveCount,
    },
    State: { EnteredTime: new Date(enteredAt).toISOString(), Name: name, RetryCount: retryCount },
    StateMachine: { Id: machine.arn, Name: machine.name },
    ...(token !== undefined && { Task: { Token: token } }),
  };
}

/** Fails the state with a cause that names it, as AWS does. */
export function failure(visit: Visit, error: string, reason: string): StateError {
  return new StateError(
    error,
    `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredId}). ${reason}`,
  );
}

function evaluationFailure(visit: Visit, { error, reason, location }: EvaluationError): StateError {
  const failed = failure(visit, error, reason);
  visit.execution.history.add(visit.scope.thread, 'EvaluationFailed', {
    state: visit.name,
    error,
    cause: failed.reason,
    location,
  });
  return failed;
}

/** The value of a field of the state; everything that its expressions see is a private copy. */
export async function field(
  visit: Visit,
  location: string,
  template: Json,
  seen: { result?: Json; errorOutput?: Json } = {},
): Promise<Json> {
  const variables = Object.entries(visit.scope.variables).map(([name, text]) => [name, JSON.parse(text)]);
  const states = { input: JSON.parse(visit.input), context: contextOf(visit), ...structuredClone(seen) };
  const { account, random } = visit.engine;
  try {
    return await evaluate(
      template,
      location,
      { ...Object.fromEntries(variables), states },
      { random, now: () => account.clock.now() },
    );
  } catch (error) {
    if (error instanceof EvaluationError) throw evaluationFailure(visit, error);
    throw error;
  }
}

/** A field that must be of a certain type: anything else fails the state like a failed evaluation. */
export async function typed<T extends Json>(
  visit: Visit,
  location: string,
  template: Json,
  expected: string,
  is: (value: Json) => value is T,
): Promise<T> {
  const value = await field(visit, location, template);
  if (is(value)) return value;
  const reason = `The field '${location}' must be ${expected} but was ${JSON.stringify(value)}.`;
  throw evaluationFailure(visit, new EvaluationError(location, reason));
}

/** A whole number of seconds; fractions are refused, as AWS refuses them. */
export function secondsOf(visit: Visit, location: string, template: Json, least: number): Promise<number> {
  const isWhole = (value: Json): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= maximumSeconds;
  return typed(visit, location, template, `a whole number from ${least} to ${maximumSeconds}`, isWhole);
}
