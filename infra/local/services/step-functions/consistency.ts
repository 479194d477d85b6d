/**
 * What a definition must keep to beyond its shape.
 *
 * - State names are unique in the whole definition; every target exists within its own scope; every state but Choice,
 *   Succeed and Fail has either Next or End. https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 * - A variable of a branch may not bear the name of one outside it, and `$states` is reserved.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 * - `States.ALL` stands alone and in the last retrier or catcher.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import type { Catcher, ChoiceState, Graph, ParallelState, State } from './definition.ts';
import { compile, isExpression } from './expressions.ts';

/** Every expression below a value that is no whole `{% ... %}` or does not compile, with its JSON path. */
export function expressionProblems(value: unknown, path = '$'): { path: string; problem: string }[] {
  if (typeof value === 'string') {
    if (!isExpression(value))
      return /^\s*\{%|%\}\s*$/.test(value) ? [{ path, problem: 'is not a whole {% ... %}' }] : [];
    try {
      compile(value);
      return [];
    } catch (error) {
      return [{ path, problem: (error as Error).message }];
    }
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const step = Array.isArray(value) ? `[${name}]` : /^\w+$/.test(name) ? `.${name}` : `['${name}']`;
    return expressionProblems(member, path + step);
  });
}

type Leaf = Partial<Pick<Catcher, 'Assign' | 'Next'>>;

/** The ways out of a state: its own, its rules' and its catchers'. */
function leavesOf(state: State): Leaf[] {
  const { Choices = [], Catch = [] } = state as Partial<
    Pick<ChoiceState, 'Choices'> & Pick<ParallelState, 'Catch'>
  >;
  return [state as Leaf, ...Choices, ...(Catch as Leaf[])];
}

function assignedBy(leaves: Leaf[]): string[] {
  return leaves.flatMap((leaf) => Object.keys(leaf.Assign ?? {}));
}

function stateProblems(name: string, known: State, targets: Set<string>, outer: Set<string>): string[] {
  const leaves = leavesOf(known);
  const problems: string[] = [];
  const goesOn = known.Type !== 'Choice' && known.Type !== 'Succeed' && known.Type !== 'Fail';
  if (goesOn && (known.Next === undefined) === (known.End === undefined))
    problems.push('needs either Next or End');
  if (known.Type === 'Wait' && (known.Seconds === undefined) === (known.Timestamp === undefined))
    problems.push('needs either Seconds or Timestamp');
  const fallback = known.Type === 'Choice' ? known.Default : undefined;
  for (const target of [fallback, ...leaves.map((leaf) => leaf.Next)])
    if (target !== undefined && !targets.has(target))
      problems.push(`leads to "${target}", which is no state here`);
  for (const variable of assignedBy(leaves))
    if (variable === 'states' || outer.has(variable)) problems.push(`may not assign $${variable}`);
  const recovers = known.Type === 'Task' || known.Type === 'Parallel';
  for (const list of recovers ? [known.Retry ?? [], known.Catch ?? []] : [])
    for (const [index, { ErrorEquals }] of list.entries())
      if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || index < list.length - 1))
        problems.push('States.ALL must stand alone and last');
  return problems.map((problem) => `"${name}" ${problem}`);
}

/** What is wrong with a graph of states and the branches in it; `seen` collects the names. */
export function graphProblems(
  { StartAt, States }: Graph,
  outer = new Set<string>(),
  seen = new Set<string>(),
): string[] {
  const targets = new Set(Object.keys(States));
  const within = new Set([
    ...outer,
    ...Object.values(States).flatMap((known) => assignedBy(leavesOf(known))),
  ]);
  return [
    ...(targets.has(StartAt) ? [] : [`StartAt "${StartAt}" is no state here`]),
    ...Object.entries(States).flatMap(([name, known]) => {
      const repeated = seen.has(name) ? [`"${name}" occurs twice`] : [];
      seen.add(name);
      const inner = known.Type === 'Parallel' ? known.Branches : [];
      return [
        ...repeated,
        ...stateProblems(name, known, targets, outer),
        ...inner.flatMap((branch) => graphProblems(branch, within, seen)),
      ];
    }),
  ];
}
