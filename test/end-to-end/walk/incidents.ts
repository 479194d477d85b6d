/** What goes wrong in a walk: one call of the escalation's functions, or the workflow's own call of them, and how. */
import type { Vigil } from '../../../infra/local/account/vigil.ts';
import { AwsError } from '../../../infra/local/engine/aws-error.ts';
import { serverErrors, throttles } from '../../../infra/local/engine/fault-kinds.ts';
import type { Caller, Payload } from '../../../infra/local/engine/service.ts';
import type { StepFunctionsService } from '../../../infra/local/services/step-functions/service.ts';

/** In which visit of which state, what is called, and the how-manieth of its kind. */
export type Call = { state: string; visit: number; call: string; nth: number };

/** A task that was entered, with the calls of each of its attempts, and the task or end that came next. */
export type Visit = { state: string; visit: number; calls: Call[]; next: string };

const ofCalls = ['throttled', 'server errors', 'hangs before'] as const;
/** After its effect: what only reads has none. */
const ofEffects = ['answer lost', 'hangs after'] as const;
const ofFunctions = ['dies before', 'dies after'] as const;
const ofInvocations = ['throws before', 'throws after'] as const;
/** Something else is written to the alert first: the condition fails. */
const ofWrites = ['overtaken'] as const;
export type IncidentKind = (
  | typeof ofCalls
  | typeof ofEffects
  | typeof ofFunctions
  | typeof ofInvocations
  | typeof ofWrites
)[number];
export type Incident = Call & { kind: IncidentKind };

export const invocation = 'lambda:Invoke';
const alertWrites = ['dynamodb:PutItem PATIENT', 'dynamodb:TransactWriteItems'];

const reads = /^(dynamodb:GetItem|s3:GetObject|secrets-manager:GetSecretValue|sns:ListSubscriptionsByTopic)/;
export const isRead = (call: string) => reads.test(call);

/** Those that a call can have. */
export function kindsAt(call: string): readonly IncidentKind[] {
  if (call === invocation) return [...ofCalls, ...ofEffects, ...ofInvocations];
  if (isRead(call)) return [...ofCalls, 'dies before'];
  return [...ofCalls, ...ofEffects, ...ofFunctions, ...(alertWrites.includes(call) ? ofWrites : [])];
}

/** Strikes each such call of the visit: it outlasts every retry. */
const isLasting = ({ kind }: Incident) => kind === 'server errors';
/** An invocation without an answer is so twice: by then the alert is overdue, and another execution takes it over. */
const mostTimes = ({ kind, call }: Incident) => (call === invocation && kind.startsWith('hangs') ? 2 : 1);

/** Whether it can outlast what the definition tries again. */
export const outlastsRetries = (incident: Incident) => isLasting(incident) || mostTimes(incident) > 1;

export type Incidents = {
  begin(incidents: readonly Incident[], overtake: () => Promise<void>): void;
  visits(): readonly Visit[];
  /** Those that did not come to pass. */
  missed(): Incident[];
  /** Every such call of the escalation's functions fails until the returned function is called. */
  outage(call: string): () => void;
};

const functionOf = (reference: string) => /function:([^:]+)/.exec(reference)?.[1] ?? reference;

/** What is called, and of what kind that is which it is called for. */
function nameOf(operation: string, input: Payload): string {
  const key = (input.Key ?? input.Item)?.pk?.S?.split('#')[0];
  const topic = /-(clinician|operations)/.exec(input.TopicArn ?? '')?.[1];
  return [operation, key ?? topic].filter(Boolean).join(' ');
}

const thrown = {
  StatusCode: 200,
  FunctionError: 'Unhandled',
  Payload: JSON.stringify({ errorType: 'TypeError', errorMessage: 'it broke', trace: [] }),
};
const never = () => new Promise<never>(() => {});

type Running = { visit: Visit; counts: Map<string, number> };

/** Puts itself between the escalation and the services of an account. */
export function incidentsIn(vigil: Vigil): Incidents {
  let planned: readonly Incident[] = [];
  /** How often each has struck. */
  const struck = new Map<Incident, number>();
  let overtake = async () => {};
  let visits: Visit[] = [];
  /** By function: the visit for which it runs. */
  const running = new Map<string, Running>();
  /** By execution. */
  const present = new Map<string, Visit>();
  /** Functions that end now. */
  const dying = new Set<string>();
  const down = new Set<string>();

  function called(by: string, call: string): Call | undefined {
    const run = running.get(by);
    if (!run) return undefined;
    const nth = (run.counts.get(call) ?? 0) + 1;
    run.counts.set(call, nth);
    const { state, visit } = run.visit;
    const made = { state, visit, call, nth };
    run.visit.calls.push(made);
    return made;
  }

  /** What strikes this call. */
  function incidentAt({ state, visit, call, nth }: Call): IncidentKind | undefined {
    const found = planned.find(
      (one) =>
        one.state === state &&
        one.visit === visit &&
        one.call === call &&
        (isLasting(one) || (one.nth === nth && (struck.get(one) ?? 0) < mostTimes(one))),
    );
    if (found) struck.set(found, (struck.get(found) ?? 0) + 1);
    return found?.kind;
  }

  vigil.service<StepFunctionsService>('sfn').onEvent(({ executionArn }, { type, details }) => {
    if (!executionArn.includes('-escalation:')) return;
    const before = present.get(executionArn);
    if (type === 'TaskStateEntered' || type === 'SucceedStateEntered') {
      const state = String(details?.name);
      if (before) before.next = state;
      const visit = visits.filter((one) => one.state === state).length + 1;
      const entered = { state, visit, calls: [], next: 'its end' };
      if (type === 'TaskStateEntered') visits.push(entered);
      present.set(executionArn, entered);
    }
    if (type === 'TaskScheduled' && before) {
      const { FunctionName } = JSON.parse(details?.parameters);
      running.set(functionOf(FunctionName), { visit: before, counts: new Map() });
    }
  });

  const { faults } = vigil;
  const chance = faults.strikes;
  faults.strikes = (kind, where, by = '') =>
    kind === 'crash after the call' ? dying.delete(by) : chance(kind, where, by);

  /** Who runs: of an invocation by the workflow the function itself. */
  const runs = (operation: string, input: Payload, { name }: Caller) => {
    if (operation !== invocation) return name;
    return name === 'vigil-production-escalation' ? functionOf(input.FunctionName) : 'another';
  };

  for (const [id, service] of vigil.services)
    for (const [name, operation] of Object.entries(service.operations)) {
      const { run } = operation;
      operation.run = async (input, caller) => {
        const by = runs(`${id}:${name}`, input, caller);
        const call = nameOf(`${id}:${name}`, input);
        if (down.has(call) && running.has(by)) throw new AwsError('ServiceUnavailable', `${call} is down`);
        const at = called(by, call);
        if (!at) return run(input, caller);
        const kind = incidentAt(at);
        if (kind === 'throttled') throw new AwsError(throttles[id] ?? 'ThrottlingException', 'Rate exceeded');
        if (kind === 'server errors')
          throw new AwsError(serverErrors[id] ?? 'InternalServerError', 'Internal error');
        if (kind === 'hangs before') return never();
        if (kind === 'throws before') return thrown;
        if (kind?.startsWith('dies')) dying.add(by);
        if (kind === 'dies before') return {};
        if (kind === 'overtaken') await overtake();
        const output = await run(input, caller);
        if (kind === 'answer lost') throw new AwsError('TimeoutError', 'The answer did not come in time');
        if (kind === 'hangs after') return never();
        return kind === 'throws after' ? thrown : output;
      };
    }

  return {
    begin(incidents, meanwhile) {
      planned = incidents;
      overtake = meanwhile;
      visits = [];
      for (const known of [struck, running, present, dying, down]) known.clear();
    },
    visits: () => visits,
    missed: () => planned.filter((one) => !struck.has(one)),
    outage(call) {
      down.add(call);
      return () => down.delete(call);
    },
  };
}
