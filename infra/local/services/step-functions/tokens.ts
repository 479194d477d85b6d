/**
 * Task tokens: who waits for which.
 *
 * - Every attempt of a waiting task has its own token. A token that was never given out is `InvalidToken`; one whose
 *   task has ended, by whatever cause, is `TaskTimedOut`.
 *   https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
 *   https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */

import { AwsError } from '../../engine/aws-error.ts';
import type { Random } from '../../engine/random.ts';
import type { Json } from './expressions.ts';

/** Ends the task with this output. */
type Succeed = (output: Json) => void;

export class TaskTokens {
  readonly #random: Random;
  /** Null once the task has ended. */
  readonly #tasks = new Map<string, Succeed | null>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A new token, as unguessable as the account's seed allows; it counts from `open` on. */
  issue(): string {
    return `AQC${this.#random.bytes(96).toString('base64')}`;
  }

  open(token: string, succeed: Succeed): void {
    this.#tasks.set(token, succeed);
  }

  close(token: string): void {
    this.#tasks.set(token, null);
  }

  /** Ends the task that waits for this token; throws InvalidToken or TaskTimedOut. */
  waiting(token: string): Succeed {
    const task = this.#tasks.get(token);
    if (task) return task;
    if (task === null)
      throw new AwsError('TaskTimedOut', 'Task Timed Out: the provided task does not exist anymore');
    throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  }
}
