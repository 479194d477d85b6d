/**
 * Coded log messages with ids, never payloads, values, names, PINs or links. Which stage speaks is said by
 * POWERTOOLS_SERVICE_NAME, so that two stages of one account are told apart.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();
export const metrics = new Metrics({ namespace: 'Vigil' });
