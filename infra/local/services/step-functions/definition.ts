/**
 * The part of the Amazon States Language that our two workflows use, as a strict schema: JSONata throughout, Map inline and
 * without a limit of its own, no Parallel, no activities, no heartbeats. Whatever else a definition says is refused by name
 * when the state machine is created.
 *
 * - Fields of each state type with JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
 */
import { z } from 'zod';
import { isExpression, type Json } from './expressions.ts';

const json = z.json() as z.ZodType<Json>;
const expression = z.string().refine(isExpression, 'must be an expression {% ... %}');

/** The longest that a timer of a state may run: 99,999,999 seconds (Amazon States Language). */
export const maximumSeconds = 99_999_999;
const duration = (least: number) => z.union([z.int().min(least).max(maximumSeconds), expression]);

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().min(0).max(maximumSeconds).default(3),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const assign = z.record(z.string(), json).optional();
const outputs = { Assign: assign, Output: json.optional() };
const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ...outputs,
});
const common = { Comment: z.string().optional() };
const going = { Next: z.string().optional(), End: z.literal(true).optional() };
const recovery = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const task = <Resource extends string, Arguments extends z.ZodType>(resource: Resource, args: Arguments) =>
  z.strictObject({
    Type: z.literal('Task'),
    Resource: z.literal(resource),
    Arguments: args,
    TimeoutSeconds: duration(1).optional(),
    ...common,
    ...outputs,
    ...going,
    ...recovery,
  });
const invoke = z.strictObject({ FunctionName: z.string(), Payload: json });
const tasks = z.discriminatedUnion(
  'Resource',
  [
    task('arn:aws:states:::lambda:invoke', invoke),
    task('arn:aws:states:::lambda:invoke.waitForTaskToken', invoke),
    task(
      'arn:aws:states:::athena:startQueryExecution.sync',
      z.strictObject({
        QueryString: z.string(),
        WorkGroup: z.string().optional(),
        QueryExecutionContext: z
          .strictObject({ Database: z.string().optional(), Catalog: z.string().optional() })
          .optional(),
      }),
    ),
  ],
  { error: (issue) => `task ${JSON.stringify((issue.input as Named).Resource)} is not modelled` },
);

const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...outputs, ...going });
const rule = z.strictObject({ Condition: expression, Next: z.string(), ...common, ...outputs });
const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(rule).min(1),
  Default: z.string().optional(),
  ...common,
  ...outputs,
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: duration(0),
  ...common,
  ...outputs,
  ...going,
});
const map = z.strictObject({
  Type: z.literal('Map'),
  Items: expression,
  get ItemProcessor(): z.ZodType<Graph> {
    return graph.extend({ ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional() });
  },
  ...common,
  ...outputs,
  ...going,
  ...recovery,
});
const succeed = z.strictObject({ Type: z.literal('Succeed'), Output: json.optional(), ...common });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...common,
});
const state = z.discriminatedUnion('Type', [tasks, pass, choice, wait, map, succeed, fail], {
  error: (issue) => `state type ${JSON.stringify((issue.input as Named).Type)} is not modelled`,
});
const graph = z.strictObject({
  ...common,
  StartAt: z.string(),
  // A name has at most 80 characters (https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html).
  States: z.record(z.string().max(80), state),
});
export const definition = graph.extend({
  QueryLanguage: z.literal('JSONata'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).max(maximumSeconds).optional(),
});

type Named = { Type?: string; Resource?: string };
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type TaskState = z.infer<typeof tasks>;
export type ChoiceState = z.infer<typeof choice>;
export type MapState = z.infer<typeof map>;
export type State = z.infer<typeof state>;
export type Graph = { Comment?: string | undefined; StartAt: string; States: Record<string, State> };
export type Definition = z.infer<typeof definition>;
