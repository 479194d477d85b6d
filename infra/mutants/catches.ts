/** A state of the escalation that no longer catches a failure. */
import { type Mutant, sources } from './mutant.ts';

type Definition = { States: Record<string, { Catch?: { ErrorEquals: string[] }[] }> };

export function removedCatches(): Mutant[] {
  return sources('workflows/escalation.asl.json').flatMap(([file, text]) =>
    Object.entries((JSON.parse(text) as Definition).States).flatMap(([state, { Catch = [] }]) =>
      Catch.map(({ ErrorEquals }, index) => ({
        name: `${file}: ${state} does not catch ${ErrorEquals.join(', ')}`,
        file,
        edit: (whole: string) => {
          const definition = JSON.parse(whole) as Definition;
          definition.States[state]?.Catch?.splice(index, 1);
          return JSON.stringify(definition, null, 2);
        },
        tests: ['test/workflows/escalation-failures.test.ts'],
      })),
    ),
  );
}
