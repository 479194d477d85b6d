/** What can come of each state of a definition, read from the definition itself, and what came of them in an execution. */
import type {
  ChoiceState,
  Definition,
  State,
  TaskState,
} from '../../../infra/local/services/step-functions/definition.ts';
import { takes } from '../../../infra/local/services/step-functions/errors.ts';
import type { HistoryEvent } from '../../../infra/local/services/step-functions/history.ts';

/** A state and what came of it. */
export type Outcome = `${string}: ${string}`;

const timeout = 'States.Timeout';
const isWait = ({ Resource }: TaskState) => Resource.endsWith('.waitForTaskToken');
const done = (state: TaskState) => (isWait(state) ? 'woken' : 'done');
const listed = (errors: readonly string[]) => (errors.length > 1 ? `${errors[0]}, ...` : `${errors[0]}`);
const again = ({ ErrorEquals }: { ErrorEquals: string[] }) => `tried again after ${listed(ErrorEquals)}`;
const exhausted = ({ ErrorEquals }: { ErrorEquals: string[] }) => `retries of ${listed(ErrorEquals)} used up`;
const caught = ({ ErrorEquals, Next }: { ErrorEquals: string[]; Next: string }) =>
  `${listed(ErrorEquals)} -> ${Next}`;
const unlisted = 'fails with an error that nothing takes';
const timesOut = 'times out';

function ofTask(state: TaskState): string[] {
  const { Retry = [], Catch = [] } = state;
  const recoveries = [...Retry, ...Catch];
  const takesAll = recoveries.some(({ ErrorEquals }) => takes(ErrorEquals, 'Sandbox.Timedout'));
  return [
    done(state),
    ...Retry.flatMap((retrier) => [again(retrier), exhausted(retrier)]),
    ...Catch.map(caught),
    ...(takesAll ? [] : [unlisted]),
    // Of a wait that is a Catch of its own.
    ...(isWait(state) ? [] : [timesOut]),
  ];
}

const ofChoice = ({ Choices, Default }: ChoiceState) =>
  [...Choices.map(({ Next }) => Next), Default].flatMap((next) => (next === undefined ? [] : [`-> ${next}`]));

function outcomesOfState(state: State): string[] {
  if (state.Type === 'Task') return ofTask(state);
  return state.Type === 'Choice' ? ofChoice(state) : ['reached'];
}

/** Everything that a walk has to meet. */
export function outcomesOf({ States }: Definition): Outcome[] {
  return Object.entries(States).flatMap(([name, state]) =>
    outcomesOfState(state).map((outcome): Outcome => `${name}: ${outcome}`),
  );
}

const ended = ['ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted'];

/** What followed a failed attempt: another one, a Catch, or the end of the execution. */
function afterFailure(state: TaskState, error: string, next: HistoryEvent | undefined): string[] {
  const { Retry = [], Catch = [] } = state;
  const retrier = Retry.find(({ ErrorEquals }) => takes(ErrorEquals, error));
  const isTimeout = error === timeout && !isWait(state) ? [timesOut] : [];
  if (next?.type === 'TaskScheduled') return [...isTimeout, ...(retrier ? [again(retrier)] : [])];
  const usedUp = retrier ? [exhausted(retrier)] : [];
  if (next?.type === 'TaskStateExited') {
    const catcher = Catch.find(({ ErrorEquals }) => takes(ErrorEquals, error));
    return [...isTimeout, ...usedUp, ...(catcher ? [caught(catcher)] : [])];
  }
  return next?.type === 'ExecutionFailed'
    ? [...isTimeout, ...usedUp, ...(retrier ? [] : [unlisted])]
    : isTimeout;
}

/** Every outcome in a history, as often as it came. */
export function outcomesIn({ States }: Definition, history: readonly HistoryEvent[]): Outcome[] {
  const met: Outcome[] = [];
  let name = '';
  for (const [index, { type, details }] of history.entries()) {
    const next = history[index + 1];
    if (type.endsWith('StateEntered')) name = String(details?.name);
    const state = States[name];
    if (!state) continue;
    const add = (...outcomes: string[]) => met.push(...outcomes.map((one): Outcome => `${name}: ${one}`));
    if (state.Type === 'Task' && type === 'TaskSucceeded') add(done(state));
    if (state.Type === 'Task' && (type === 'TaskFailed' || type === 'TaskTimedOut'))
      add(...afterFailure(state, String(details?.error), next));
    if (type === 'ChoiceStateExited' && next) add(`-> ${next.details?.name}`);
    if (type === 'SucceedStateEntered') add('reached');
  }
  return met;
}

/** How an execution ended badly: in which state, and with what error; undefined when it did not. */
export function failureIn(history: readonly HistoryEvent[]): { state: string; error: string } | undefined {
  const end = history.at(-1);
  if (!end || !ended.includes(end.type)) return undefined;
  const entered = history.findLast(({ type }) => type.endsWith('StateEntered'));
  return { state: String(entered?.details?.name), error: String(end.details?.error ?? end.type) };
}

/** A line an outcome, in columns: the state, what came of it, how often. */
export function outcomesTable(all: readonly Outcome[], met: ReadonlyMap<Outcome, number>): string {
  const rows = all.map((outcome) => {
    const [state = '', ...what] = outcome.split(': ');
    return { state, what: what.join(': '), times: String(met.get(outcome) ?? 0) };
  });
  const width = (column: 'state' | 'what' | 'times') => Math.max(...rows.map((row) => row[column].length));
  const [stateWidth, whatWidth, timesWidth] = [width('state'), width('what'), width('times')];
  return rows
    .map(({ state, what, times }, index) => {
      const shown = rows[index - 1]?.state === state ? '' : state;
      return `${shown.padEnd(stateWidth)}  ${what.padEnd(whatWidth)}  ${times.padStart(timesWidth)}`;
    })
    .join('\n');
}
