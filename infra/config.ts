/** What differs between the stages, typed: the same code and the same template otherwise. */
import { z } from 'zod';
import { type WebhookFormat, webhookFormats } from '../handlers/mail/webhook-events.ts';
import { Address } from '../handlers/on-call/address.ts';
import { ZoneName } from '../handlers/on-call/roster.ts';
import { fullFactor, fullPageConcurrency } from './concurrency.ts';
import { InputError } from './input-error.ts';

export const stageNames = ['demo', 'production'] as const;
export type StageName = (typeof stageNames)[number];

/** What a deployment states with `--context NAME=VALUE`, since it belongs to a hospital or an account and not into git. */
const Context = z.strictObject({
  zone: ZoneName.optional(),
  operationsEmail: Address.optional(),
  webhook: z.enum(['on', 'off']).optional(),
  webhookFormat: z.enum(webhookFormats).optional(),
  // 0 reserves none.
  pageConcurrency: z.coerce.number().int().min(0).max(1000).optional(),
  // Lambda takes 1 to 10.
  parallelizationFactor: z.coerce.number().int().min(1).max(10).optional(),
  // CloudWatch looks back a day at most in an alarm that counts minutes.
  silentAfterMinutes: z.coerce.number().int().min(1).max(1440).optional(),
});

export const contextNames = Object.keys(Context.shape);

export type StageSettings = {
  name: StageName;
  /** IANA name: the nightly report's window and schedule follow the hospital's clocks. The published roster states the same. */
  zone: string;
  /** The devices know this name; it is the one that the project began with. */
  streamName: string;
  /** Where alarms are mailed. */
  operationsEmail?: string;
  /** Whether the operations have a second channel: an HTTPS webhook, whose address they put into a secret of the stage. */
  webhook: boolean;
  /** What the webhook is sent: CloudEvents, or events of PagerDuty's Events API v2. */
  webhookFormat: WebhookFormat;
  /** Batches of a shard that the consumer judges at the same time; `npm run deploy` fits it to the account. */
  parallelizationFactor: number;
  /**
   * How many requests each of the two pages of links answers at once; 0 reserves nothing. A new account's limit of 10 lets no
   * function reserve any: Lambda keeps 100 for those that do not.
   */
  pageConcurrency: number;
  /** Whether simulated devices measure every patient, as often as cuffs do. */
  simulator: boolean;
  /** After how many minutes without a single reading of the whole hospital its feed counts as dead. */
  silentAfterMinutes: number;
  /** Whether the consumer logs each reading, by id and severity, without values. */
  testMode: boolean;
  /** Whether table, stream, keys and buckets outlive the stack; what a first deployment that fails has made goes with it. */
  keepsData: boolean;
};

type Defaults = Omit<StageSettings, 'name' | 'operationsEmail'>;

const everywhere = {
  streamName: 'Bloodpressure_iot_stream',
  parallelizationFactor: fullFactor,
  webhook: false,
  webhookFormat: 'vigil',
  pageConcurrency: fullPageConcurrency,
} as const;

const stages: Record<StageName, Defaults> = {
  // The zone of infra/hospital/hospital.json, for which the demo is.
  demo: {
    ...everywhere,
    zone: 'Europe/London',
    simulator: true,
    // A simulated cuff measures once an hour at least, and a ward is silent after as long by default.
    silentAfterMinutes: 90,
    testMode: true,
    keepsData: false,
  },
  // The zone of no hospital: `npm run deploy` asks for it.
  production: {
    ...everywhere,
    zone: 'UTC',
    simulator: false,
    // As long as a critical reading may take to reach a person. A hundred cuffs that measure once an hour are silent together
    // for so long once in many years (e^-25 at any minute); a smaller hospital states 1,500 by its cuffs.
    silentAfterMinutes: 15,
    testMode: false,
    keepsData: true,
  },
};

/** The settings of a stage with what a deployment states. Throws InputError, which names the stage or the setting. */
export function settingsOf(name: string, context: Record<string, unknown> = {}): StageSettings {
  const defaults = stages[name as StageName];
  if (!defaults) throw new InputError(`No stage is called ${name}; there are: ${stageNames.join(', ')}`);
  const { data, error } = Context.safeParse(context);
  if (error) throw new InputError(problemWith(context, error));
  const { zone, operationsEmail, webhook, ...others } = data;
  if (data.webhookFormat && webhook !== 'on')
    throw new InputError(`--context webhookFormat=${data.webhookFormat}: only beside --context webhook=on`);
  return {
    ...defaults,
    name: name as StageName,
    ...(zone && { zone }),
    ...(operationsEmail && { operationsEmail }),
    ...(webhook && { webhook: webhook === 'on' }),
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
  };
}

function problemWith(context: Record<string, unknown>, { issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys')
    return `--context ${issue.keys[0]}: no setting has this name; there are: ${contextNames.join(', ')}`;
  const name = String(issue?.path[0]);
  return `--context ${name}=${context[name]}: ${issue?.message}`;
}
