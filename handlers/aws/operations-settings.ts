/** How the operations are told. */
import { z } from 'zod';
import { webhookFormats } from '../mail/webhook-events.ts';

/** What a function that tells the operations has to be told; spread into its environment's shape. */
export const operationsSettings = {
  TABLE_NAME: z.string().min(1),
  OPERATIONS_TOPIC_ARN: z.string().min(1),
  /** Whom to ask anew when the topic's subscription is pending or gone; empty when the deployment named nobody. */
  OPERATIONS_EMAIL: z.string(),
  /** The secret that holds the webhook's address; empty when the stage has none. */
  WEBHOOK_SECRET_ARN: z.string(),
  WEBHOOK_FORMAT: z.enum(webhookFormats),
  STAGE: z.string().min(1),
};
export type OperationsSettings = z.infer<z.ZodObject<typeof operationsSettings>>;
