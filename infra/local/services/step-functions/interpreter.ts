/**
 * Walks through the states of a definition, the way the Amazon States Language says.
 *
 * - Output and Assign are evaluated on leaving a state and see the variables as they were on entering it; without
 *   Output a Task or Parallel state gives its result, any other its input, a Catch the error.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 * - A Choice takes the first rule that is true, with that rule's Output and Assign; without a rule and a Default it fails
 *   with `States.Runtime`. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 * - The branches of a Parallel state start with copies of the variables around them, which they cannot change; the first
 *   failure stops the others and is the state's own. https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
 * - Task and Parallel alone have Retry, then Catch.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import type { ChoiceState, Graph, ParallelState, State, TaskState } from './definition.ts';
import { StateError, stateData, takes } from './errors.ts';
import type { Json } from './expressions.ts';
import type { HistoryEvent } from './history.ts';
import { Life } from './life.ts';
import { retrying } from './retry.ts';
import { attemptTask } from './tasks.ts';
import {
  type Engine,
  type Execution,
  failure,
  field,
  type Scope,
  seconds,
  typed,
  type Visit,
} from './visit.ts';

/** Getting from one state to the next takes a few milliseconds; AWS gives no figure, so that no one may rely on it. */
const transitionMs = { least: 1, spread: 10 };

type Fields = {
  Next?: string | undefined;
  Output?: Json | undefined;
  Assign?: Record<string, Json> | undefined;
};
type Left = { next: string | undefined; output: string; assigned: Record<string, string> };
type Seen = { result?: Json; errorOutput?: Json };

async function leave(visit: Visit, fields: Fields, seen: Seen, otherwise: Json, at = ''): Promise<Left> {
  const output =
    fields.Output === undefined ? otherwise : await field(visit, `${at}Output`, fields.Output, seen);
  const assigned = (fields.Assign && (await field(visit, `${at}Assign`, fields.Assign, seen))) ?? {};
  stateData(assigned, `What the state '${visit.name}' assigns`);
  return {
    next: fields.Next,
    output: stateData(output, `The output of the state '${visit.name}'`),
    assigned: Object.fromEntries(
      Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
}

const inputOf = (visit: Visit) => JSON.parse(visit.input) as Json;

/** Retry, then Catch, round what a Task or Parallel state does. */
async function recovering(
  state: TaskState | ParallelState,
  visit: Visit,
  work: () => Promise<Json>,
): Promise<Left> {
  const nextAttempt = retrying(state.Retry ?? [], visit.engine.random);
  for (;;) {
    try {
      const result = await work();
      return await leave(visit, state, { result }, result);
    } catch (failed) {
      if (!(failed instanceof StateError)) throw failed;
      const delayMs = nextAttempt(failed.error);
      if (delayMs !== undefined) {
        await visit.scope.life.sleep(delayMs);
        visit.retryCount++;
        continue;
      }
      const catchers = state.Catch ?? [];
      const index = catchers.findIndex((candidate) => takes(candidate.ErrorEquals, failed.error));
      const catcher = catchers[index];
      if (!catcher) throw failed;
      const errorOutput = { Error: failed.error, Cause: failed.reason };
      return leave(visit, catcher, { errorOutput }, errorOutput, `Catch[${index}]/`);
    }
  }
}

async function branches(state: ParallelState, visit: Visit): Promise<Json> {
  const { engine, execution, scope } = visit;
  const args =
    state.Arguments === undefined ? inputOf(visit) : await field(visit, 'Arguments', state.Arguments);
  const input = stateData(args, `The input of the branches of '${visit.name}'`);
  execution.history.add(scope.thread, 'ParallelStateStarted');
  const life = new Life(engine.account.clock, scope.life);
  const scopes = state.Branches.map(() => ({
    life,
    thread: { last: scope.thread.last },
    variables: { ...scope.variables },
  }));
  const latest = () => Math.max(...scopes.map((branch) => branch.thread.last));
  try {
    const runs = state.Branches.map((branch, index) =>
      runGraph(engine, execution, branch, input, scopes[index] as Scope),
    );
    const outputs = await Promise.all(runs);
    life.end();
    scope.thread.last = latest();
    execution.history.add(scope.thread, 'ParallelStateSucceeded');
    return outputs.map((output) => JSON.parse(output));
  } catch (error) {
    life.end();
    scope.thread.last = latest();
    execution.history.add(scope.thread, 'ParallelStateFailed');
    throw error;
  }
}

async function choose(state: ChoiceState, visit: Visit): Promise<Left> {
  const isBoolean = (value: Json): value is boolean => typeof value === 'boolean';
  for (const [index, rule] of state.Choices.entries()) {
    const at = `Choices[${index}]/`;
    if (await typed(visit, `${at}Condition`, rule.Condition, 'a boolean', isBoolean))
      return leave(visit, rule, {}, inputOf(visit), at);
  }
  if (state.Default === undefined)
    throw failure(visit, 'States.Runtime', 'No rule of the Choice matched, and it has no Default.');
  return leave(visit, { ...state, Next: state.Default }, {}, inputOf(visit));
}

const isText = (value: Json): value is string => typeof value === 'string';
/** Does what the state is for; throws StateError when it fails for good. */
async function act(state: State, visit: Visit): Promise<Left> {
  switch (state.Type) {
    case 'Task':
      return recovering(state, visit, () => attemptTask(state, visit));
    case 'Parallel':
      return recovering(state, visit, () => branches(state, visit));
    case 'Choice':
      return choose(state, visit);
    case 'Wait':
      await visit.scope.life.sleep(1000 * (await seconds(visit, 'Seconds', state.Seconds, 0)));
      return leave(visit, state, {}, inputOf(visit));
    case 'Fail': {
      const error = await typed(visit, 'Error', state.Error ?? '', 'a string', isText);
      throw new StateError(error, await typed(visit, 'Cause', state.Cause ?? '', 'a string', isText));
    }
    default:
      return leave(visit, state, {}, inputOf(visit));
  }
}

/** States that take time, and so can be interrupted. */
const lasting = new Set(['Task', 'Wait', 'Parallel']);

async function visitState(state: State, visit: Visit): Promise<Left> {
  const { execution, scope, name } = visit;
  const event = (what: string) => `${state.Type}State${what}` as HistoryEvent['type'];
  const forget = scope.life.onEnd(() => {
    if (lasting.has(state.Type)) execution.history.add(scope.thread, event('Aborted'));
  });
  const left = await act(state, visit).finally(forget);
  Object.assign(scope.variables, left.assigned);
  execution.history.add(scope.thread, event('Exited'), {
    name,
    output: left.output,

    ...(Object.keys(left.assigned).length > 0 && { assignedVariables: left.assigned }),
  });
  return left;
}

/** Runs a graph of states from its start to its end; gives its output, JSON. */
export async function runGraph(
  engine: Engine,
  execution: Execution,
  graph: Graph,
  input: string,
  scope: Scope,
): Promise<string> {
  let name: string | undefined = graph.StartAt;
  let data = input;
  while (name !== undefined) {
    await scope.life.sleep(transitionMs.least + engine.random.below(transitionMs.spread));
    const state = graph.States[name] as State;
    const enteredId = execution.history.add(scope.thread, `${state.Type}StateEntered`, {
      name,
      input: data,
    });
    const enteredAt = engine.account.clock.now();
    const visit = { engine, execution, scope, name, input: data, enteredAt, enteredId, retryCount: 0 };
    const left: Left = await visitState(state, visit);
    name = left.next;
    data = left.output;
  }
  return data;
}
