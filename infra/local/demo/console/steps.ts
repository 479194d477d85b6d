/** An execution's history as steps: one a visit of a state, with what went in, what came out and what went wrong. */
import type { State } from '../../services/step-functions/definition.ts';
import type { HistoryEvent } from '../../services/step-functions/history.ts';
import type { Execution } from '../../services/step-functions/service.ts';
import { stateOf } from './graph.ts';

/**
 * `caught`: it failed, and the definition goes on elsewhere or tried again. `time out`: the time that it waits for a person
 * ran out, which the definition expects.
 */
export type StepStatus = 'succeeded' | 'timedOut' | 'caught' | 'current' | 'failed' | 'aborted';

export type ExecutionStep = {
  /** Counted from 1. */
  number: number;
  name: string;
  type: string;
  enteredAt: number;
  exitedAt?: number;
  input?: string;
  output?: string;
  errors: { at: number; event: string; error: string; cause: string }[];
  /** What a task calls, e.g. `lambda:invoke vigil-demo-look-at-alert`. */
  resource?: string;
  /** How often the task was tried. */
  attempts: number;
  /** When its wait ends. */
  waitsUntil?: number;
  status: StepStatus;
};

export type ExecutionSteps = {
  steps: ExecutionStep[];
  /** `from` and `to` of every transition, as `from -> to`. */
  taken: Set<string>;
};

const isError = (type: string) => /(Failed|TimedOut)$/.test(type) && !type.startsWith('Execution');

function statusOf(step: ExecutionStep, execution: Execution): StepStatus {
  if (step.type === 'Fail') return 'failed';
  if (step.exitedAt !== undefined) {
    const waited =
      step.waitsUntil !== undefined && step.errors.every(({ error }) => error === 'States.Timeout');
    return step.errors.length === 0 ? 'succeeded' : waited ? 'timedOut' : 'caught';
  }
  if (execution.status === 'RUNNING') return 'current';
  return execution.status === 'FAILED' ? 'failed' : 'aborted';
}

export const edge = (from: string, to: string) => `${from} -> ${to}`;

/** When a Wait state ends. */
function endOfWait(state: State | undefined, enteredAt: number): { waitsUntil?: number } {
  const waits = state?.Type === 'Wait' && typeof state.Seconds === 'number';
  return waits ? { waitsUntil: enteredAt + Number(state.Seconds) * 1000 } : {};
}

function entered(
  execution: Execution,
  { type, timestamp, details = {} }: HistoryEvent,
  number: number,
): ExecutionStep {
  const name = String(details.name);
  return {
    number,
    name,
    type: type.replace('StateEntered', ''),
    enteredAt: timestamp,
    ...(details.input !== undefined && { input: String(details.input) }),
    errors: [],
    attempts: 0,
    ...endOfWait(stateOf(execution.machine.definition, name), timestamp),
    status: 'current',
  };
}

/** One attempt of a task: what it calls, and until when it waits for its token. */
function schedule(step: ExecutionStep, { timestamp, details = {} }: HistoryEvent): void {
  step.attempts++;
  const { FunctionName, TopicArn } = JSON.parse(String(details.parameters));
  const target = String(FunctionName ?? TopicArn ?? '')
    .split(':')
    .at(-1);
  step.resource = `${details.resourceType}:${details.resource} ${target}`.trim();
  if (String(details.resource).endsWith('.waitForTaskToken') && details.timeoutInSeconds)
    step.waitsUntil = timestamp + Number(details.timeoutInSeconds) * 1000;
}

export function stepsOf(execution: Execution, events: readonly HistoryEvent[]): ExecutionSteps {
  const steps: ExecutionStep[] = [];
  const taken = new Set<string>();
  /** The step that each event belongs to, by its id. */
  const owners: (ExecutionStep | undefined)[] = [];
  for (const event of events) {
    const { details = {}, type, timestamp } = event;
    let owner = owners[event.previousEventId];
    if (type.endsWith('StateEntered')) {
      if (owner) taken.add(edge(owner.name, String(details.name)));
      owner = entered(execution, event, steps.length + 1);
      steps.push(owner);
    } else if (type.endsWith('StateExited')) {
      owner = steps.findLast((step) => step.name === details.name && step.exitedAt === undefined);
      if (owner) Object.assign(owner, { exitedAt: timestamp, output: details.output });
    } else if (type === 'TaskScheduled' && owner) {
      schedule(owner, event);
    } else if (isError(type)) {
      const { error = '', cause = '' } = details;
      owner?.errors.push({ at: timestamp, event: type, error: String(error), cause: String(cause) });
    }
    owners[event.id] = owner;
  }
  for (const step of steps) step.status = statusOf(step, execution);
  return { steps, taken };
}
