/** What the template may say of a function, of its asynchronous calls, and of who else may call it. */
import { z } from 'zod';
import { inert } from '../../engine/inert.ts';

export const functionProperties = z.strictObject({
  FunctionName: z.string(),
  Description: inert('prose', z.string().optional()),
  Handler: z.literal('index.handler'),
  Runtime: z.literal('nodejs24.x'),
  Architectures: inert('the bundle is JavaScript', z.array(z.string()).optional()),
  Code: z.strictObject({
    S3Bucket: inert('the bundle is read where synth put it', z.string()),
    S3Key: z.string().regex(/^[0-9a-f]+\.zip$/),
  }),
  Role: z.string(),
  MemorySize: z.number().optional(),
  Timeout: z.number(),
  ReservedConcurrentExecutions: z.number().optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  LoggingConfig: inert('lines stay in memory', z.strictObject({ LogGroup: z.string() }).optional()),
  TracingConfig: inert('nothing is traced here', z.strictObject({ Mode: z.string() }).optional()),
});

export const eventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumEventAgeInSeconds: z.number().min(60).max(21_600),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }),
});

export const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});
