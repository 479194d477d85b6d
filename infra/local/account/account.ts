/**
 * The local account: the synthesized template turned into running services on one virtual clock. Wiring comes from the
 * template alone; a call is answered as AWS would answer it, with the permissions that the template grants.
 */
import { createHash } from 'node:crypto';
import { AwsError } from '../engine/aws-error.ts';
import { Clock } from '../engine/clock.ts';
import { faults } from '../engine/faults.ts';
import { iam } from '../engine/iam.ts';
import { inertTypes } from '../engine/inert.ts';
import { onlyOptions } from '../engine/options.ts';
import { seededRandom } from '../engine/random.ts';
import type { Account, Caller, Payload, Permission, Service } from '../engine/service.ts';
import { athena } from '../services/athena/service.ts';
import { dynamodb } from '../services/dynamodb/service.ts';
import { eventSourceMapping } from '../services/event-source-mapping/service.ts';
import { events } from '../services/events.ts';
import { firehose } from '../services/firehose/service.ts';
import { glue } from '../services/glue.ts';
import { httpApi } from '../services/http-api.ts';
import { kinesis } from '../services/kinesis.ts';
import { kms } from '../services/kms.ts';
import { lambda } from '../services/lambda/service.ts';
import { s3 } from '../services/s3.ts';
import { scheduler } from '../services/scheduler.ts';
import { secretsManager } from '../services/secrets-manager.ts';
import { sns } from '../services/sns/service.ts';
import { sqs } from '../services/sqs.ts';
import { stepFunctions } from '../services/step-functions/service.ts';
import { web } from '../services/web.ts';
import { createResources, type Template } from './template.ts';

export type AccountOptions = {
  /** The folder that synth wrote: template, manifest and bundles. */
  assemblyDirectory: string;
  template: Template;
  /** Where S3 keeps its objects. */
  directory: string;
  seed: number;
  /** Virtual time at the start, ISO 8601. */
  startAt: string;
  /** Where the HTTP API answers, when a server stands in front of it. */
  apiEndpoint?: string | undefined;
  /** Receives every line of the event log. */
  onEvent?: ((line: string) => void) | undefined;
  /** Receives every permission that a role asked for and had. */
  onAllowed?: ((roleArn: string, permission: Permission) => void) | undefined;
};

export type LocalAccount = Account & {
  readonly services: ReadonlyMap<string, Service>;
  readonly outputs: Record<string, string>;
  /** SHA-256 of the event log so far: the same seed gives the same digest. */
  eventLogDigest(): string;
  /** Runs the clock until the promise is settled, and gives its result. */
  until<T>(work: Promise<T>): Promise<T>;
};

/** Who holds every permission: the engineer's own credentials. */
export const operator: Caller = { name: 'operator', roleArn: 'operator' };

/** How long a call to an AWS service takes, in virtual milliseconds: a few, seeded, so that races happen. */
const callLatency = { least: 2, spread: 9 };

/** Boots the template; throws TemplateError for anything that it says and the account does not model. */
export function startAccount(options: AccountOptions): LocalAccount {
  const clock = new Clock(Date.parse(options.startAt), seededRandom(options.seed, 'ties'));
  const services = new Map<string, Service>();
  const digest = createHash('sha256');
  /** Lines not hashed yet: the hash costs more by the call than by the byte. */
  let unhashed: string[] = [];
  const injected = faults();
  const latency = seededRandom(options.seed, 'latency');

  function hashLines(): void {
    digest.update(unhashed.join(''));
    unhashed = [];
  }

  const record: Account['record'] = (event) => {
    const line = `${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...event })}\n`;
    if (unhashed.push(line) === 1000) hashLines();
    options.onEvent?.(line);
  };

  const account: Account = {
    accountId: '111122223333',
    region: 'eu-west-2',
    directory: options.directory,
    clock,
    faults: injected,
    random: (purpose) => seededRandom(options.seed, purpose),
    record,
    service: <T extends Service>(id: string) => services.get(id) as T,
    authorize(caller, permissions) {
      if (caller.roleArn === 'operator') return;
      const denied = permissions.find((permission) => !identity.allows(caller.roleArn, permission));
      if (!denied) {
        for (const permission of permissions) options.onAllowed?.(caller.roleArn, permission);
        return;
      }
      record({ source: 'iam', what: 'denied', caller: caller.name, ...denied });
      throw new AwsError(
        'AccessDeniedException',
        `User: ${caller.roleArn} is not authorized to perform: ${denied.action} on resource: ${denied.resource}`,
      );
    },
    async call(caller, service, operation, input) {
      const model = services.get(service)?.operations[operation];
      if (!model) throw new AwsError('UnsupportedOperation', `${service}:${operation} is not modelled`);
      await clock.sleep(callLatency.least + latency.below(callLatency.spread));
      try {
        const answerIsLost = injected.beforeCall(caller.name, service, operation);
        onlyOptions(`${service}:${operation}`, input, model.options);
        account.authorize(caller, model.permissions(input));
        const output = await model.run(input, caller);
        if (answerIsLost) throw new AwsError('TimeoutError', 'The answer did not come in time');
        record({ source: service, what: operation, caller: caller.name });
        return output;
      } catch (error) {
        record({ source: service, what: operation, caller: caller.name, error: (error as Error).name });
        throw error;
      }
    },
  };

  const identity = iam(account);
  for (const service of [
    identity,
    kms(account),
    s3(account),
    secretsManager(account),
    lambda(account, options.assemblyDirectory),
    dynamodb(account),
    kinesis(account),
    sns(account),
    sqs(account),
    web(account),
    glue(account),
    athena(account),
    firehose(account),
    events(account),
    stepFunctions(account),
    scheduler(account),
    httpApi(account, options.apiEndpoint),
    eventSourceMapping(account),
  ])
    services.set(service.id, service);

  const inert = new Set(inertTypes.map((inert) => inert.type));
  const { outputs } = createResources(options.template, {
    accountId: account.accountId,
    region: account.region,
    model: (type) => [...services.values()].map((service) => service.resources[type]).find(Boolean),
    isInert: (type) => inert.has(type),
  });
  for (const service of services.values()) service.start?.();

  return {
    ...account,
    services,
    outputs,
    eventLogDigest() {
      hashLines();
      return digest.copy().digest('hex');
    },
    async until(work) {
      let settled = false;
      const end = () => {
        settled = true;
      };
      work.then(end, end);
      await clock.run(Number.POSITIVE_INFINITY, () => settled);
      return work;
    },
  };
}

/** One call as the operator, e.g. to put a reading or start a report. */
export function asOperator(
  account: LocalAccount,
  service: string,
  operation: string,
  input: Payload,
): Promise<Payload> {
  return account.until(account.call(operator, service, operation, input));
}
