/** What every capability stands on: the stage, the keys, the buckets, the operations' ear, the bundles. */
import type { StageSettings } from '../config.ts';
import type { Buckets } from './buckets.ts';
import type { Encryption } from './encryption.ts';
import type { Operations } from './operations.ts';

export type Foundation = {
  stage: StageSettings;
  encryption: Encryption;
  buckets: Buckets;
  operations: Operations;
  /** The folder that holds `<entry>/index.js` of every handler. */
  bundles: string;
};
