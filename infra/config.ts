/** What differs between the stages, typed: the same code and the same template otherwise. */

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
  /** Whether simulated devices send a reading of every patient each minute. */
  simulator: boolean;
  /** Whether the consumer logs each reading, by id and severity, without values. */
  testMode: boolean;
  /** Whether table, stream, keys and buckets outlive the stack. */
  keepsData: boolean;
};

const common = {
  zone: 'Europe/London',
  streamName: 'Bloodpressure_iot_stream',
};

const stages: Record<StageName, StageSettings> = {
  demo: { ...common, name: 'demo', simulator: true, testMode: true, keepsData: false },
  production: { ...common, name: 'production', simulator: false, testMode: false, keepsData: true },
};

/** The settings of a stage; throws an error that lists the stages when there is none of that name. */
export function settingsOf(name: string): StageSettings {
  const settings = stages[name as StageName];
  if (!settings) throw new Error(`No stage is called ${name}; there are: ${stageNames.join(', ')}`);
  return settings;
}
