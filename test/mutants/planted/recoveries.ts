/** A state of a workflow that no longer tries again, or no longer catches a failure. */
import { type Mutant, sources } from './mutant.ts';

type Recovery = 'Retry' | 'Catch';
type State = Partial<Record<Recovery, { ErrorEquals: string[] }[]>> & { ItemProcessor?: Graph };
type Graph = { States: Record<string, State> };

const tests: Record<string, Record<Recovery, string>> = {
  'workflows/escalation.asl.json': {
    Retry: 'test/workflows/escalation-retries.test.ts',
    Catch: 'test/workflows/escalation-failures.test.ts',
  },
  'workflows/nightly-report.asl.json': {
    Retry: 'test/workflows/nightly-report.test.ts',
    Catch: 'test/workflows/nightly-report.test.ts',
  },
};

/** Also those within a Map; a name is used once in a workflow. */
function statesOf({ States }: Graph): [name: string, state: State][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

function removed(recovery: Recovery): Mutant[] {
  return sources(...Object.keys(tests)).flatMap(([file, text]) =>
    statesOf(JSON.parse(text)).flatMap(([name, state]) =>
      (state[recovery] ?? []).map(({ ErrorEquals }, index) => ({
        name: `${file}: ${name} does not ${recovery.toLowerCase()} ${ErrorEquals.join(', ')}`,
        file,
        edit: (whole: string) => {
          const definition = JSON.parse(whole) as Graph;
          new Map(statesOf(definition)).get(name)?.[recovery]?.splice(index, 1);
          return JSON.stringify(definition, null, 2);
        },
        tests: [tests[file]?.[recovery] as string],
      })),
    ),
  );
}

export const removedRetries = () => removed('Retry');
export const removedCatches = () => removed('Catch');
