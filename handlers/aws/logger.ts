/** Coded log messages with ids, never payloads, values, names, PINs or links. The stage comes from POWERTOOLS_SERVICE_NAME. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();
export const metrics = new Metrics({ namespace: 'Vigil' });
