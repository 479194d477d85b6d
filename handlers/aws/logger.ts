/** Coded log messages with ids, never payloads, values, names, PINs or links. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const logger = new Logger({ serviceName: 'vigil' });
export const metrics = new Metrics({ namespace: 'Vigil', serviceName: 'vigil' });
