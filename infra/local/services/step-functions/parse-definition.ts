/** Reads a state machine's definition, and refuses one that Step Functions would refuse, or that is not modelled. */
import { z } from 'zod';
import { expressionProblems, graphProblems } from './consistency.ts';
import { type Definition, definition } from './definition.ts';

export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

/** The definition, checked; throws DefinitionError that names everything that is wrong or not modelled. */
export function parseDefinition(text: string): Definition {
  const parsed = definition.safeParse(JSON.parse(text));
  if (!parsed.success) throw new DefinitionError(z.prettifyError(parsed.error));
  const problems = [
    ...expressionProblems(parsed.data).map(({ path, problem }) => `${path}: ${problem}`),
    ...graphProblems(parsed.data),
  ];
  if (problems.length > 0) throw new DefinitionError(problems.join('\n'));
  return parsed.data;
}
