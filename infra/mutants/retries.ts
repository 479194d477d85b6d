/** A state of the escalation that no longer tries again. */
import { type Mutant, sources } from './mutant.ts';

type Definition = { States: Record<string, { Retry?: { ErrorEquals: string[] }[] }> };

export function removedRetries(): Mutant[] {
  return sources('workflows/escalation.asl.json').flatMap(([file, text]) =>
    Object.entries((JSON.parse(text) as Definition).States).flatMap(([state, { Retry = [] }]) =>
      Retry.map(({ ErrorEquals }, index) => ({
        name: `${file}: ${state} does not retry ${ErrorEquals.join(', ')}`,
        file,
        edit: (whole: string) => {
          const definition = JSON.parse(whole) as Definition;
          definition.States[state]?.Retry?.splice(index, 1);
          return JSON.stringify(definition, null, 2);
        },
        tests: ['test/workflows/escalation-retries.test.ts'],
      })),
    ),
  );
}
