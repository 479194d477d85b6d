/** What of the template changes nothing on this machine, each with the reason; `npm run check` prints it. */
import { z } from 'zod';
import type { Service } from './service.ts';

/** Whole resource types. */
export const inertTypes: readonly { type: string; reason: string }[] = [
  {
    type: 'AWS::CloudWatch::Alarm',
    reason:
      'alarms watch metrics that AWS measures; that each has its impact and runbook heading is a test of the template',
  },
  {
    type: 'AWS::Logs::LogGroup',
    reason: 'log lines are kept in memory; retention and encryption are properties at rest',
  },
  {
    type: 'AWS::Logs::LogStream',
    reason: 'Firehose writes why a delivery failed into it; here that is a line of the event log',
  },
];

/** A property that its resource's model takes and does not heed, and why. */
export function inert<Schema extends z.ZodType>(reason: string, schema: Schema): Schema {
  return schema.meta({ inert: reason }) as Schema;
}

export type Property = {
  /** E.g. `AWS::SQS::Queue.QueueName`. */
  name: string;
  /** The reason; those within an inert property have none of their own. */
  inert?: string;
};

/** Every property of every resource type that these services take. */
export function modelledProperties(services: Iterable<Service>): Property[] {
  return [...services].flatMap(({ resources }) =>
    Object.entries(resources).flatMap(([type, { properties }]) => propertiesOf(properties, type)),
  );
}

function propertiesOf(schema: z.core.$ZodType, name: string): Property[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object')
    return Object.entries(def.shape).flatMap(([key, inner]) => {
      const reason = z.globalRegistry.get(inner)?.inert as string | undefined;
      return [
        { name: `${name}.${key}`, ...(reason !== undefined && { inert: reason }) },
        ...propertiesOf(inner, `${name}.${key}`),
      ];
    });
  if (def.type === 'optional') return propertiesOf(def.innerType, name);
  if (def.type === 'array') return propertiesOf(def.element, name);
  if (def.type === 'tuple') return def.items.flatMap((item) => propertiesOf(item, name));
  if (def.type === 'union') return def.options.flatMap((option) => propertiesOf(option, name));
  return [];
}
