/**
 * How a state fails: by error name and cause, and which names a Retry or Catch sees.
 *
 * - `States.ALL` matches every error but `States.DataLimitExceeded` and `States.Runtime`; `States.TaskFailed` matches
 *   the same but `States.Timeout`. `States.Runtime` always fails the execution.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly error: string;
  /** What the failing side said, as `Cause`. */
  readonly reason: string;

  constructor(error: string, reason: string) {
    super(`${error}: ${reason}`);
    this.error = error;
    this.reason = reason;
  }
}

/** An expression that failed, gave nothing, or gave the wrong type; `location` is the field it stands in. */
export class EvaluationError extends StateError {
  readonly location: string;
  constructor(location: string, reason: string) {
    super('States.QueryEvaluationError', reason);
    this.location = location;
  }
}

/** 256 KiB of UTF-8, the limit of any input, output or result between states (service quotas). */
export const maximumDataBytes = 262_144;

/** The JSON text of a value that passes between states; throws `States.DataLimitExceeded`. */
export function stateData(value: unknown, what: string): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > maximumDataBytes)
    throw new StateError(
      'States.DataLimitExceeded',
      `${what} has a size exceeding the maximum number of bytes service limit.`,
    );
  return text;
}

/** Whether `ErrorEquals` of a retrier or catcher takes this error. */
export function takes(errorEquals: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  if (errorEquals.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout';
}
