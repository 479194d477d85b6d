/** Arithmetic with instants, ISO 8601 UTC. */

export function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

export function sooner(a: string, b: string): string {
  return a < b ? a : b;
}

/** Whole seconds until an instant, at least 1: what a waiting task takes for a timeout, never ending before the instant. */
export function secondsUntil(instant: string, now: string): number {
  return Math.max(1, Math.ceil((Date.parse(instant) - Date.parse(now)) / 1000));
}

/** Of claims, pages and vitals: well past the stream's 7 days, so that a redelivered record always finds its claim. */
const KEPT_DAYS = 30;

/** When DynamoDB may forget what counts from an instant: epoch seconds, its time to live. */
export function expiresAfter(at: string, days = KEPT_DAYS): number {
  return Math.floor(Date.parse(at) / 1000) + days * 86_400;
}

/**
 * `yyyy-MM-dd HH:mm:ss.SSS`, UTC: one of the forms that the OpenX JSON SerDe of Firehose's format conversion takes
 * (https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html), and java.sql.Timestamp's own.
 */
export function archiveTimestamp(instant: string): string {
  return new Date(instant).toISOString().replace('T', ' ').replace('Z', '');
}
