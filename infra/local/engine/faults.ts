/**
 * What goes wrong on purpose, from a seed: single calls throttled, refused, or carried out without an answer; functions that die
 * before or after a call; bad spells of one service; records, events and mails that come twice or late; executions killed.
 */

import { AwsError } from './aws-error.ts';
import { type Clock, minuteMs } from './clock.ts';
import { type FaultKind, faultKinds, kindsOfCalls, serverErrors, shares, throttles } from './fault-kinds.ts';
import { type Random, seededRandom } from './random.ts';

/** Beside chance, each kind strikes each caller's each call once, at one of its first occurrences: rare calls may be spared. */
const firstOccurrences = 12;

/** In a bad spell every second call of the service fails, which the SDK's few attempts do not survive. */
const spell = { share: 0.5, everyMinutes: 30, longestSeconds: 40 };
const spellServices = ['dynamodb', 'sns', 'sfn', 's3', 'lambda', 'firehose', 'secrets-manager'];
/** A minute: Firehose's S3 and Athena each come back within what is retried for them. */
const outageMs = minuteMs;
/** One outage a night is what Athena's retries are for; a new one whenever it is back would be none of Athena's. */
const queryOutageEveryMs = 12 * 60 * minuteMs;
const lateEventMs = 30_000;
const lateMailMs = 4 * minuteMs;
/** Longer than any poll, shorter than what the first page may take. */
const lateStreamMs = 45_000;

export type Faults = {
  /** Every call to the service (`dynamodb`), or of one kind (`dynamodb:UpdateItem`), fails with a 5xx until the returned function is called. */
  outage(what: string): () => void;
  /** Throws what the call meets; true when it is to be carried out and its answer lost. */
  beforeCall(caller: string, service: string, operation: string): boolean;
  /** Whether a fault of this kind happens here; counted when it does. `by` is who makes the call. */
  strikes(kind: FaultKind, where: string, by?: string): boolean;
  /** Delivers an event or a schedule's call, and now and then once more: both are delivered at least once. */
  deliver(where: string, clock: Clock, send: () => void): void;
  /** How much later than usual a mail comes. */
  mailDelayMs(): number;
  /** How much later than usual a function hears of what waits in its stream. */
  streamDelayMs(functionName: string): number;
  /**
   * Begins to inject; `kill` stops one of the running executions, chosen by a number in [0, 1), and says whether it did.
   * `ofCalls`: that part of the usual share of single calls is struck by chance.
   */
  begin(seed: number, clock: Clock, kill: (choice: number) => boolean, ofCalls?: number): void;
  end(): void;
  /** How many were injected, by kind and by call. */
  injected(): Record<FaultKind, Record<string, number>>;
  /** Every kind, caller and call that met, e.g. `throttled vigil-demo-open-alert dynamodb:GetItem`. */
  met(): string[];
};

export function faults(): Faults {
  const down: string[] = [];
  /** By kind, then by who met it where. */
  const counts = new Map<FaultKind, Map<string, number>>(faultKinds.map((kind) => [kind, new Map()]));
  /** How many occurrences of a kind, caller and call are still let through. */
  const planned = new Map<string, number>();
  let random: Random | undefined;
  let clockOfFaults: Clock | undefined;
  let badService: string | undefined;
  let queriesSparedUntil = 0;
  let partOfCalls = 1;

  function count(kind: FaultKind, where: string, by = ''): void {
    const of = counts.get(kind) as Map<string, number>;
    of.set(`${by} ${where}`, (of.get(`${by} ${where}`) ?? 0) + 1);
  }

  /** How many of the kind there were, whoever met them. */
  function byPlace(kind: FaultKind): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const [meeting, times] of [...(counts.get(kind) ?? [])].sort()) {
      const where = meeting.slice(meeting.lastIndexOf(' ') + 1);
      sums[where] = (sums[where] ?? 0) + times;
    }
    return sums;
  }

  /** True once for each of these kinds, callers and calls. */
  function isPlanned(kind: FaultKind, where: string, draw: Random): boolean {
    if (!kindsOfCalls.includes(kind)) return false;
    const meeting = `${kind} ${where}`;
    const left = planned.get(meeting) ?? draw.below(firstOccurrences);
    planned.set(meeting, left - 1);
    return left === 0;
  }

  function shareOf(kind: FaultKind): number {
    return kindsOfCalls.includes(kind) ? shares[kind] * partOfCalls : shares[kind];
  }

  function strikes(kind: FaultKind, where: string, by = '', share = shareOf(kind)): boolean {
    if (!random) return false;
    const isNow = isPlanned(kind, `${by} ${where}`, random);
    if (!isNow && random.next() >= share) return false;
    count(kind, where, by);
    return true;
  }

  /** Whether Athena goes down at this query. */
  function queriesFail(): boolean {
    if (!clockOfFaults || clockOfFaults.now() < queriesSparedUntil) return false;
    queriesSparedUntil = clockOfFaults.now() + queryOutageEveryMs;
    return strikes('query outage', 'athena:StartQueryExecution');
  }

  function outage(what: string): () => void {
    down.push(what);
    return () => {
      const index = down.indexOf(what);
      if (index >= 0) down.splice(index, 1);
    };
  }

  function plan(clock: Clock, everyMinutes: number, act: (draw: Random) => void): void {
    const draw = random as Random;
    clock.after((0.5 + draw.next()) * everyMinutes * minuteMs, () => {
      if (random !== draw) return;
      act(draw);
      plan(clock, everyMinutes, act);
    });
  }

  return {
    outage,
    strikes: (kind, where, by) => strikes(kind, where, by),
    deliver(where, clock, send) {
      send();
      if (strikes('event twice', where)) clock.after(lateEventMs, send);
    },
    mailDelayMs: () => (strikes('mail late', 'sns:Publish') ? lateMailMs : 0),
    streamDelayMs: (functionName) => (strikes('stream late', functionName) ? lateStreamMs : 0),
    beforeCall(caller, service, operation) {
      const call = `${service}:${operation}`;
      if (down.includes(service) || down.includes(call))
        throw new AwsError('ServiceUnavailable', `${call} is down`);
      if (caller.startsWith('firehose') && down.includes('delivery')) {
        count('delivery outage', call);
        throw new AwsError('ServiceUnavailable', 'the delivery is down');
      }
      if (service === 'athena' && down.includes('queries'))
        throw new AwsError('InternalServerException', 'Athena is down');
      if (call === 'athena:StartQueryExecution' && queriesFail()) {
        clockOfFaults?.after(outageMs, outage('queries'));
        throw new AwsError('InternalServerException', 'Athena is down');
      }
      // The engineer's calls and the devices' are spared; those of AWS itself, as of a mapping to its function, are not.
      if (!random || caller === 'operator') return false;
      const share = service === badService ? spell.share / 3 : undefined;
      if (strikes('throttled', call, caller, share))
        throw new AwsError(throttles[service] ?? 'ThrottlingException', 'Rate exceeded');
      if (strikes('server error', call, caller, share))
        throw new AwsError(serverErrors[service] ?? 'InternalServerError', 'Internal error');
      return strikes('effect then timeout', call, caller, share);
    },
    begin(seed, clock, kill, ofCalls = 1) {
      partOfCalls = ofCalls;
      random = seededRandom(seed, 'faults');
      clockOfFaults = clock;
      plan(clock, spell.everyMinutes, (draw) => {
        badService = spellServices[draw.below(spellServices.length)];
        clock.after(draw.next() * spell.longestSeconds * 1000, () => {
          badService = undefined;
        });
      });
      plan(clock, 40, (draw) => {
        if (kill(draw.next())) count('execution killed', 'sfn:StopExecution');
      });
      plan(clock, 240, () => clock.after(outageMs, outage('delivery')));
    },
    end() {
      random = undefined;
      badService = undefined;
    },
    met: () => [...counts].flatMap(([kind, of]) => [...of.keys()].map((meeting) => `${kind} ${meeting}`)),
    injected: () =>
      Object.fromEntries(faultKinds.map((kind) => [kind, byPlace(kind)])) as Record<
        FaultKind,
        Record<string, number>
      >,
  };
}
