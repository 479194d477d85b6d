/** What differs between the stages, typed: the same code and the same template otherwise. */
import { readFileSync } from 'node:fs';
import { parseHospital } from '../handlers/on-call/roster.ts';

export const stageNames = ['demo', 'production'] as const;
export type StageName = (typeof stageNames)[number];

export type StageSettings = {
  name: StageName;
  /** IANA name: the nightly report's window and schedule follow the hospital's clocks. */
  zone: string;
  /** The devices know this name; it is the one that the project began with. */
  streamName: string;
  /** Where alarms are mailed; given at deployment, so that no real address is in git. */
  operationsEmail?: string;
  /** Whether the operations have a second channel: an HTTPS webhook, whose address they put into a secret of the stage. */
  webhook: boolean;
  /** Whether simulated devices send a reading of every patient each minute. */
  simulator: boolean;
  /** Whether the consumer logs each reading, by id and severity, without values. */
  testMode: boolean;
  /** Whether table, stream, keys and buckets outlive the stack; what a first deployment that fails has made goes with it. */
  keepsData: boolean;
};

type Differences = Omit<StageSettings, 'name' | 'zone'>;

const streamName = 'Bloodpressure_iot_stream';

const stages: Record<StageName, Differences> = {
  demo: { streamName, webhook: false, simulator: true, testMode: true, keepsData: false },
  production: { streamName, webhook: false, simulator: false, testMode: false, keepsData: true },
};

const hospitalFile = 'infra/hospital/hospital.json';

/** The settings of a stage; throws when there is none of that name, and RosterError for a bad hospital file. */
export function settingsOf(name: string): StageSettings {
  const differences = stages[name as StageName];
  if (!differences) throw new Error(`No stage is called ${name}; there are: ${stageNames.join(', ')}`);
  const text = readFileSync(new URL(`../${hospitalFile}`, import.meta.url), 'utf8');
  return { ...differences, name: name as StageName, zone: parseHospital(text, hospitalFile).zone };
}
