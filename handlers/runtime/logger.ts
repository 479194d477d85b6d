/**
 * Coded log messages with ids, never payloads, values, names, PINs or links. Which stage speaks is said by
 * POWERTOOLS_SERVICE_NAME, so that two stages of one account are told apart.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();
export const metrics = new Metrics({ namespace: 'Vigil' });

/** Writes what was counted; where nothing was, the library would warn of it. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** What a log line may say of an error: its name. Messages may quote values. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
