/** Options of a call that a model knows. One that is silently ignored here would do something on AWS. */
import { AwsError } from './aws-error.ts';
import type { Payload } from './service.ts';

/** Throws, naming the option, when the input carries one that is not among `known`. */
export function onlyOptions(operation: string, input: Payload, known: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => input[name] !== undefined && !known.includes(name));
  if (unknown) throw new AwsError('UnsupportedOperation', `${operation}: option ${unknown} is not modelled`);
}
