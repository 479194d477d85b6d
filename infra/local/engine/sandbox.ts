/**
 * One function instance: the bundle that would be deployed, evaluated in a module of its own with its own environment,
 * standard output and SDK. A dead instance (timed out, crashed) never hears from AWS again, as a frozen one would not.
 */
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { Script } from 'node:vm';
import { AwsError } from './aws-error.ts';
import { serverErrors, throttles } from './fault-kinds.ts';
import { type Answer, localSdk } from './sdk.ts';
import type { Payload } from './service.ts';

type Handler = (event: Payload, context: Payload) => Promise<Payload>;

export type Instance = { handler: Handler; kill(): void };

type Wrapper = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: Payload },
  process: object,
  console: Console,
  fetch: typeof globalThis.fetch,
) => void;

const nodeRequire = createRequire(import.meta.url);
const scripts = new Map<string, Script>();

/** Compiled once a bundle; the wrapper stands on the bundle's first line, so line numbers stay true. */
function compiled(bundlePath: string): Script {
  let script = scripts.get(bundlePath);
  if (!script) {
    const source = readFileSync(bundlePath, 'utf8');
    script = new Script(`(function (exports, require, module, process, console, fetch) {${source}\n})`, {
      filename: bundlePath,
    });
    scripts.set(bundlePath, script);
  }
  return script;
}

function lines(onLine: (line: string) => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line) onLine(line);
      done();
    },
  });
}

/** A fault as HTTP tells it: a throttle and a server's error have their status, anything else is no answer at all. */
function statusOf(error: unknown): number {
  if (error instanceof AwsError && error.name === throttles.web) return 429;
  if (error instanceof AwsError && error.name === serverErrors.web) return 500;
  throw new TypeError('fetch failed', { cause: error });
}

/** Rejects when the caller no longer waits. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A new instance of the bundle's `handler` export. */
export function newInstance(
  bundlePath: string,
  environment: Record<string, string>,
  answer: Answer,
  onLog: (line: string) => void,
): Instance {
  let alive = true;
  const whileAlive: Answer = async (service, operation, input) => {
    const never = new Promise<never>(() => {});
    if (!alive) return never;
    try {
      const output = await answer(service, operation, input);
      return alive ? output : never;
    } catch (error) {
      if (alive) throw error;
      return never;
    }
  };
  const sdks = new Map<string, unknown>();
  const require = (id: string): unknown => {
    const service = /^@aws-sdk\/client-(.+)$/.exec(id)?.[1];
    if (!service) return nodeRequire(id);
    if (!sdks.has(id)) sdks.set(id, localSdk(service, nodeRequire(id), whileAlive));
    return sdks.get(id);
  };
  const fetch = async (url: unknown, { headers, body, signal }: Payload = {}) => {
    const request = { Url: String(url), ContentType: new Headers(headers).get('content-type'), Body: body };
    const answered = whileAlive('web', 'Post', request).then(({ StatusCode }) => StatusCode, statusOf);
    const status = await Promise.race([answered, ...(signal ? [aborted(signal)] : [])]);
    return new Response(null, { status });
  };
  const output = lines((line) => alive && onLog(line));
  const process = Object.create(globalThis.process, {
    env: { value: environment },
    stdout: { value: output },
    stderr: { value: output },
  });
  const module = { exports: {} as Payload };
  (compiled(bundlePath).runInThisContext() as Wrapper)(
    module.exports,
    require,
    module,
    process,
    new Console(output),
    fetch as typeof globalThis.fetch,
  );
  return {
    handler: module.exports.handler as Handler,
    kill: () => {
      alive = false;
    },
  };
}
