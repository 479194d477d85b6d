/**
 * What a definition must keep to beyond its shape.
 *
 * - Every target exists within its own scope; every state but Choice, Succeed and Fail has either Next or End.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 * - A variable within a Map may not bear the name of one outside it, and `$states` is reserved.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 * - `States.ALL` stands alone and in the last retrier or catcher.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import type { Catcher, ChoiceState, Graph, MapState, State } from './definition.ts';
import { compile, isExpression } from './expressions.ts';

type Problem = { path: string; problem: string };

/** A JSON path, e.g. `$.States['Page nurse'].Catch[0]`. */
export function jsonPath(steps: readonly string[]): string {
  const show = (step: string) =>
    /^\d+$/.test(step) ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `['${step}']`;
  return `$${steps.map(show).join('')}`;
}

/** Every expression below a value that is no whole `{% ... %}` or does not compile. */
export function expressionProblems(value: unknown, steps: readonly string[] = []): Problem[] {
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([name, member]) => expressionProblems(member, [...steps, name]));
  if (typeof value !== 'string' || !/^\s*\{%|%\}\s*$/.test(value)) return [];
  try {
    if (!isExpression(value)) throw new Error('is not a whole {% ... %}');
    compile(value);
    return [];
  } catch (error) {
    return [{ path: jsonPath(steps), problem: (error as Error).message }];
  }
}

/** A way out of a state: its own, a rule's, a Default or a catcher's. */
type Way = Partial<Pick<Catcher, 'Assign' | 'Next' | 'ErrorEquals'>>;
type Branching = Partial<
  Pick<ChoiceState, 'Choices' | 'Default'> & Pick<MapState, 'Catch' | 'Retry' | 'End'>
>;

function waysOut(state: State): Way[] {
  const { Choices = [], Default, Catch = [] } = state as Branching;
  const fallback = Default === undefined ? [] : [{ Next: Default }];
  return [state as Way, ...Choices, ...fallback, ...(Catch as Way[])];
}

function stateProblems(state: State, targets: Record<string, State>, outer: readonly string[]): string[] {
  const ways = waysOut(state);
  const { Retry = [], Catch = [], End } = state as Branching;
  const ends = ['Choice', 'Succeed', 'Fail'].includes(state.Type) || End === true;
  const lastsAlone = ({ ErrorEquals }: { ErrorEquals: string[] }, index: number, list: unknown[]) =>
    !ErrorEquals.includes('States.ALL') || (ErrorEquals.length === 1 && index === list.length - 1);
  return [
    ...(ends === (ways[0]?.Next !== undefined) ? ['needs either Next or End'] : []),
    ...ways.flatMap(({ Next }) =>
      Next === undefined || Next in targets ? [] : [`leads to no state, "${Next}"`],
    ),
    ...ways
      .flatMap(({ Assign }) => Object.keys(Assign ?? {}))
      .filter((variable) => variable === 'states' || outer.includes(variable))
      .map((variable) => `may not assign $${variable}`),
    ...(Retry.every(lastsAlone) && Catch.every(lastsAlone) ? [] : ['States.ALL must stand alone and last']),
  ];
}

/** What is wrong with a graph of states and those within it; `outer` are the variables around it. */
export function graphProblems({ StartAt, States }: Graph, outer: readonly string[] = []): string[] {
  const own = Object.values(States).flatMap(waysOut);
  const known = [...outer, ...own.flatMap(({ Assign }) => Object.keys(Assign ?? {}))];
  return [
    ...(StartAt in States ? [] : [`StartAt leads to no state, "${StartAt}"`]),
    ...Object.entries(States).flatMap(([name, state]) => [
      ...stateProblems(state, States, outer).map((problem) => `"${name}": ${problem}`),
      ...(state.Type === 'Map' ? graphProblems(state.ItemProcessor, known) : []),
    ]),
  ];
}
