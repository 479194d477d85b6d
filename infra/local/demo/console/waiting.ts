/** What the running executions wait for: an answer to a page, or a recheck, each until its deadline. */
import type { Execution, StepFunctionsService } from '../../services/step-functions/service.ts';

export type Waiting = { execution: Execution; state: string; deadline: number; forAnswer: boolean };

/** The wait that an execution is in: its last event says that a task with a token was handed over. */
function waitOf(execution: Execution): Waiting | undefined {
  const { events } = execution.history;
  if (execution.status !== 'RUNNING' || events.at(-1)?.type !== 'TaskSubmitted') return undefined;
  const scheduled = events.findLast((event) => event.type === 'TaskScheduled');
  if (!String(scheduled?.details?.resource).endsWith('.waitForTaskToken') || !scheduled) return undefined;
  const state = String(events.findLast((event) => event.type.endsWith('StateEntered'))?.details?.name);
  const deadline = scheduled.timestamp + Number(scheduled.details?.timeoutInSeconds ?? 0) * 1000;
  return { execution, state, deadline, forAnswer: state.startsWith('Page ') };
}

/** Every wait, the one that ends first first. */
export function waitingExecutions(sfn: StepFunctionsService): Waiting[] {
  return sfn
    .executions()
    .map(waitOf)
    .filter((wait) => wait !== undefined)
    .sort((a, b) => a.deadline - b.deadline);
}
