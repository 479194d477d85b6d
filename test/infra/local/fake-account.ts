/** An account with a clock and no template, for the conformance tests of single services. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../../../infra/local/engine/aws-error.ts';
import { Clock } from '../../../infra/local/engine/clock.ts';
import { faults } from '../../../infra/local/engine/faults.ts';
import { onlyOptions } from '../../../infra/local/engine/options.ts';
import { seededRandom } from '../../../infra/local/engine/random.ts';
import type { Account, Caller, Payload, Permission, Service } from '../../../infra/local/engine/service.ts';

export const operator: Caller = { name: 'operator', roleArn: 'operator' };

export type FakeAccount = Account & {
  add<T extends Service>(factory: (account: Account) => T): T;
  /** Creates a resource as the template would, properties checked by the model's schema. */
  create(
    type: string,
    logicalId: string,
    properties: Payload,
  ): { ref: string; attributes: Record<string, string> };
  /** Runs the clock while a call is under way, and gives its result. */
  done<T>(work: Promise<T>, forMilliseconds?: number): Promise<T>;
  readonly events: Record<string, unknown>[];
  readonly asked: Permission[];
  /** Actions that the fake IAM denies. */
  readonly denied: Set<string>;
};

export function fakeAccount(
  startAt = '2026-03-01T00:00:00.000Z',
  clock = new Clock(Date.parse(startAt), seededRandom(1, 'ties')),
): FakeAccount {
  const services = new Map<string, Service>();
  const denied = new Set<string>();
  const asked: Permission[] = [];
  const events: Record<string, unknown>[] = [];
  const account: FakeAccount = {
    accountId: '111122223333',
    region: 'eu-west-2',
    directory: mkdtempSync(join(tmpdir(), 'vigil-test-')),
    clock,
    faults: faults(),
    events,
    asked,
    denied,
    random: (purpose) => seededRandom(1, purpose),
    authorize(_caller, permissions) {
      asked.push(...permissions);
      const refused = permissions.find((permission) => denied.has(permission.action));
      if (refused) throw new AwsError('AccessDeniedException', `not authorized to perform ${refused.action}`);
    },
    async call(caller, service, operation, input) {
      const model = services.get(service)?.operations[operation];
      if (!model) throw new Error(`${service}:${operation} is not modelled`);
      const copy = structuredClone(input);
      onlyOptions(`${service}:${operation}`, copy, model.options);
      account.authorize(caller, model.permissions(copy));
      await clock.sleep(1);
      return model.run(copy, caller);
    },
    record: (event) => void events.push(event),
    service: <T extends Service>(id: string) => services.get(id) as T,
    add(factory) {
      const service = factory(account);
      services.set(service.id, service);
      return service;
    },
    create(type, logicalId, properties) {
      const model = [...services.values()].map((service) => service.resources[type]).find(Boolean);
      if (!model) throw new Error(`${type} is not modelled`);
      const created = model.create({ logicalId, properties: model.properties.parse(properties) as Payload });
      return { ref: created.ref, attributes: created.attributes ?? {} };
    },
    async done(work, forMilliseconds = 3_600_000) {
      let settled = false;
      const end = () => {
        settled = true;
      };
      work.then(end, end);
      await clock.run(clock.now() + forMilliseconds, () => settled);
      return work;
    },
  };
  return account;
}
