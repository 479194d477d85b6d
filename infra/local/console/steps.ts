/** An execution's history as steps: one a visit of a state, with what went in, what came out and what went wrong. */
import type { HistoryEvent } from '../services/step-functions/history.ts';
import type { Execution } from '../services/step-functions/service.ts';

/** `caught`: it failed, and the definition goes on elsewhere or tried again. */
export type Standing = 'succeeded' | 'caught' | 'current' | 'failed' | 'aborted';

export type Step = {
  name: string;
  type: string;
  enteredAt: number;
  exitedAt?: number;
  input?: string;
  output?: string;
  errors: { at: number; event: string; error: string; cause: string }[];
  standing: Standing;
};

export type Told = {
  steps: Step[];
  /** `from` and `to` of every transition, as `from -> to`. */
  taken: Set<string>;
};

const isError = (type: string) => /(Failed|TimedOut)$/.test(type) && !type.startsWith('Execution');

function standingOf(step: Step, execution: Execution): Standing {
  if (step.type === 'Fail') return 'failed';
  if (step.exitedAt !== undefined) return step.errors.length > 0 ? 'caught' : 'succeeded';
  if (execution.status === 'RUNNING') return 'current';
  return execution.status === 'FAILED' ? 'failed' : 'aborted';
}

export const edge = (from: string, to: string) => `${from} -> ${to}`;

export function stepsOf(execution: Execution, events: readonly HistoryEvent[]): Told {
  const steps: Step[] = [];
  const taken = new Set<string>();
  /** The step that each event belongs to, by its id. */
  const owners: (Step | undefined)[] = [];
  for (const event of events) {
    const { details = {}, type, timestamp } = event;
    let owner = owners[event.previousEventId];
    if (type.endsWith('StateEntered')) {
      if (owner) taken.add(edge(owner.name, String(details.name)));
      owner = {
        name: String(details.name),
        type: type.replace('StateEntered', ''),
        enteredAt: timestamp,
        ...(details.input !== undefined && { input: String(details.input) }),
        errors: [],
        standing: 'current',
      };
      steps.push(owner);
    } else if (type.endsWith('StateExited')) {
      owner = steps.findLast((step) => step.name === details.name && step.exitedAt === undefined);
      if (owner) Object.assign(owner, { exitedAt: timestamp, output: details.output });
    } else if (isError(type)) {
      const { error = '', cause = '' } = details;
      owner?.errors.push({ at: timestamp, event: type, error: String(error), cause: String(cause) });
    }
    owners[event.id] = owner;
  }
  for (const step of steps) step.standing = standingOf(step, execution);
  return { steps, taken };
}
