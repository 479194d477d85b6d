/**
 * Walks through the states of a definition, the way the Amazon States Language says.
 *
 * - Output and Assign are evaluated on leaving a state and see the variables as they were on entering it; without
 *   Output a Task or Map state gives its result, any other its input, a Catch the error.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 * - A Choice takes the first rule that is true, with that rule's Output and Assign; without a rule and a Default it fails
 *   with `States.Runtime`. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
 * - A Map state takes each item of an array through its states, up to 40 at a time, and gives their outputs in the items'
 *   order; each starts with copies of the variables around it, which it cannot change; the first failure stops the others
 *   and is the state's own. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 * - Task and Map alone have Retry, then Catch.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import type { ChoiceState, Graph, MapState, State, TaskState } from './definition.ts';
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
  secondsOf,
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
type StateResult = { result?: Json; errorOutput?: Json };

async function leave(
  visit: Visit,
  fields: Fields,
  seen: StateResult,
  otherwise: Json,
  at = '',
): Promise<Left> {
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

/** Retry, then Catch, round what a Task or Map state does. */
async function recovering(
  state: TaskState | MapState,
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

/** Everything at once: AWS has 40 iterations under way, and no map of ours has as many items. */
const maximumItems = 40;

const isList = (value: Json): value is Json[] => Array.isArray(value) && value.length <= maximumItems;

/** One item's way through the states of a Map. */
async function iteration(
  state: MapState,
  visit: Visit,
  index: number,
  item: Json,
  scope: Scope,
): Promise<Json> {
  const { engine, execution, name } = visit;
  const event = (what: string) =>
    execution.history.add(scope.thread, `MapIteration${what}` as HistoryEvent['type'], { name, index });
  event('Started');
  const forget = scope.life.onEnd(() => event('Aborted'));
  try {
    const input = stateData(item, `The input of an iteration of '${name}'`);
    const output = await runGraph(engine, execution, state.ItemProcessor, input, scope);
    event('Succeeded');
    return JSON.parse(output);
  } catch (error) {
    event('Failed');
    throw error;
  } finally {
    forget();
  }
}

async function iterations(state: MapState, visit: Visit): Promise<Json> {
  const { engine, execution, scope } = visit;
  const { history } = execution;
  const items = await typed(visit, 'Items', state.Items, `an array of at most ${maximumItems} items`, isList);
  history.add(scope.thread, 'MapStateStarted', { length: items.length });
  const life = new Life(engine.account.clock, scope.life);
  const scopes = items.map(() => ({
    life,
    thread: { last: scope.thread.last },
    variables: { ...scope.variables },
  }));
  const end = (what: 'MapStateSucceeded' | 'MapStateFailed') => {
    life.end();
    scope.thread.last = Math.max(scope.thread.last, ...scopes.map(({ thread }) => thread.last));
    history.add(scope.thread, what);
  };
  try {
    const runs = items.map((item, index) => iteration(state, visit, index, item, scopes[index] as Scope));
    const outputs = await Promise.all(runs);
    end('MapStateSucceeded');
    return outputs;
  } catch (error) {
    end('MapStateFailed');
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
    case 'Map':
      return recovering(state, visit, () => iterations(state, visit));
    case 'Choice':
      return choose(state, visit);
    case 'Wait':
      await visit.scope.life.sleep(1000 * (await secondsOf(visit, 'Seconds', state.Seconds, 0)));
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
const lasting = new Set(['Task', 'Wait', 'Map']);

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
    if (scope === execution.scope) execution.at = { name, input: data };
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
