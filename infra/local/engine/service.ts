/** What a modelled AWS service is to the local account: operations that clients call, and resources that the template asks for. */
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

/** Who makes a call: a role of the template, or `operator`, who may do everything (the engineer at the keyboard). */
export type Caller = { name: string; roleArn: string | 'operator' };

/** One IAM question: may the caller do `action` on `resource`, and, of a table, on the items with these partition keys? */
export type Permission = { action: string; resource: string; leadingKeys?: readonly string[] };

// biome-ignore lint/suspicious/noExplicitAny: inputs and outputs are the SDK's own shapes, different for every operation
export type Payload = any;

export type Operation = {
  /** The options of the call that are modelled; one that is not among them is refused by name, since AWS would heed it. */
  options: readonly string[];
  /** The permissions that AWS requires for this input (Service Authorization Reference). */
  permissions(input: Payload): Permission[];
  /** Runs at one instant of virtual time; throws AwsError. The input stays the caller's: whoever keeps it copies it. */
  run(input: Payload, caller: Caller): Payload | Promise<Payload>;
};

export type CreatedResource = {
  /** What `Ref` gives. */
  ref: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  attributes?: Record<string, string>;
};

/** One CloudFormation resource type. `properties` is strict at every level: what it does not list is an error. */
export type ResourceModel = {
  properties: z.ZodType;
  create(resource: { logicalId: string; properties: Payload }): CreatedResource;
};

/** The model of a type whose properties are what the schema gives. */
export function resource<Schema extends z.ZodType>(
  properties: Schema,
  create: (resource: { logicalId: string; properties: z.infer<Schema> }) => CreatedResource,
): ResourceModel {
  return { properties, create };
}

export type Service = {
  /** As in the SDK package `@aws-sdk/client-<id>`, or the service's short name where no client is used. */
  id: string;
  operations: Record<string, Operation>;
  resources: Record<string, ResourceModel>;
  /** Called once after every resource exists: start pollers, first schedules. */
  start?(): void;
};

/** What the account offers to its services. */
export type Account = {
  readonly accountId: string;
  readonly region: string;
  /** Where S3 keeps its objects on disk. */
  readonly directory: string;
  readonly clock: Clock;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** An independent seeded stream of random numbers for one purpose. */
  random(purpose: string): Random;
  /** One AWS call: permission, latency, injected fault, operation, log line. Rejects with AwsError. */
  call(caller: Caller, service: string, operation: string, input: Payload): Promise<Payload>;
  /** Throws AwsError('AccessDeniedException') when the caller's policies do not allow it. */
  authorize(caller: Caller, permissions: Permission[]): void;
  /** One line of the event log: what happened, with ids, in a stable order of keys. */
  record(event: { source: string; what: string } & Record<string, unknown>): void;
  /** Another service's own extra functions, by id (each service's file exports its type). */
  service<T extends Service>(id: string): T;
};
