/**
 * While the account runs, this process's Date, timers and randomness are the account's: handlers and the AWS SDK
 * use them unchanged. Install before either is loaded, since both keep what they find.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const realDate = Date;
const realScrypt = crypto.scrypt;

type Callback = (error: Error | null, key: Buffer) => void;
type TimerCallback = (...args: unknown[]) => void;

/** Wall-clock milliseconds, for pacing and for saying how long a run took. */
export function wallClock(): number {
  return realDate.now();
}

function virtualDate(clock: Clock): DateConstructor {
  class VirtualDate extends realDate {
    constructor(...args: []) {
      if (args.length === 0) super(clock.now());
      else super(...args);
    }
    static override now(): number {
      return clock.now();
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  }
  return VirtualDate as unknown as DateConstructor;
}

/** scrypt is a pure function of its arguments and slow by design: the result is kept, the parameters stay those of production. */
function virtualScrypt(clock: Clock): typeof crypto.scrypt {
  const known = new Map<string, Promise<Buffer>>();
  return ((password: string | Buffer, salt: string | Buffer, length: number, ...rest: unknown[]) => {
    const done = rest.pop() as Callback;
    const options = (rest[0] ?? {}) as crypto.ScryptOptions;
    const hex = (bytes: string | Buffer) => Buffer.from(bytes as string).toString('hex');
    const key = JSON.stringify([hex(password), hex(salt), length, options]);
    const derive = () =>
      new Promise<Buffer>((resolve, reject) =>
        realScrypt(password, salt, length, options, (error, derived) =>
          error ? reject(error) : resolve(derived),
        ),
      );
    if (!known.has(key)) known.set(key, derive());
    clock.real(known.get(key) as Promise<Buffer>).then(
      (derived) => done(null, Buffer.from(derived)),
      (error) => done(error, Buffer.alloc(0)),
    );
  }) as typeof crypto.scrypt;
}

/** What setTimeout gives: enough of Node's Timeout for the SDK. */
function handle(timer: { cancel(): void }, again: () => void) {
  const timeout = {
    cancel: timer.cancel,
    ref: () => timeout,
    unref: () => timeout,
    hasRef: () => true,
    refresh: again,
  };
  return timeout;
}

function virtualTimers(clock: Clock) {
  const setTimeout = (run: TimerCallback, milliseconds = 0, ...args: unknown[]) => {
    const start = () => clock.after(Math.max(0, Number(milliseconds) || 0), () => run(...args));
    return handle(start(), start);
  };
  const setInterval = (run: TimerCallback, milliseconds = 0, ...args: unknown[]) => {
    // As in Node, a millisecond at least: time would never get past an interval of none.
    const pause = Math.max(1, Number(milliseconds) || 0);
    let timer = clock.after(pause, tick);
    function tick() {
      timer = clock.after(pause, tick);
      run(...args);
    }
    return handle({ cancel: () => timer.cancel() }, () => {});
  };
  const setImmediate = (run: TimerCallback, ...args: unknown[]) => setTimeout(run, 0, ...args);
  const clear = (timer?: { cancel?: () => void }) => timer?.cancel?.();
  return {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

function virtualTimeout(clock: Clock): typeof AbortSignal.timeout {
  return (milliseconds) => {
    const controller = new AbortController();
    clock.after(milliseconds, () =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    );
    return controller.signal;
  };
}

function virtualCrypto(clock: Clock, random: Random) {
  const randomBytes = (length: number, done?: Callback) => {
    const bytes = random.bytes(length);
    if (!done) return bytes;
    return void clock.after(0, () => done(null, bytes));
  };
  const randomUUID = () => {
    const hex = random.bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  const randomInt = (low: number, high?: number) =>
    high === undefined ? random.below(low) : low + random.below(high - low);
  return { randomBytes, randomUUID, randomInt, scrypt: virtualScrypt(clock) };
}

/** Makes the process's time and randomness virtual; gives back what undoes it. */
export function install(clock: Clock, random: Random): () => void {
  const undo: (() => void)[] = [];
  const replace = (target: object, replacements: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(replacements)) {
      const original = Object.getOwnPropertyDescriptor(target, name) as PropertyDescriptor;
      Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
      undo.push(() => Object.defineProperty(target, name, original));
    }
  };
  replace(globalThis, { Date: virtualDate(clock), ...virtualTimers(clock) });
  replace(AbortSignal, { timeout: virtualTimeout(clock) });
  replace(Math, { random: random.next });
  replace(crypto, virtualCrypto(clock, random));
  syncBuiltinESMExports();
  return () => {
    for (const restore of undo.reverse()) restore();
    syncBuiltinESMExports();
  };
}
