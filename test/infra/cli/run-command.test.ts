/** How a command ends. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommand } from '../../../infra/cli/run-command.ts';
import { InputError } from '../../../infra/input-error.ts';

let said: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

test.each([
  ['bad input', new InputError('no such file'), 'no such file'],
  [
    'no credentials',
    named('CredentialsProviderError', 'Could not load credentials from any providers'),
    'AWS: Could not load credentials from any providers. Credentials and AWS_REGION belong in the environment.',
  ],
  [
    'no region',
    new Error('Region is missing'),
    'AWS: Region is missing. Credentials and AWS_REGION belong in the environment.',
  ],
])('%s: one sentence, and exit code 2', async (_what, error, sentence) => {
  await runCommand(() => Promise.reject(error));
  expect(said.mock.calls).toEqual([[sentence]]);
  expect(process.exitCode).toBe(2);
});

test('a fault of ours shows its stack', async () => {
  const fault = new TypeError('undefined is not a function');
  await expect(runCommand(() => Promise.reject(fault))).rejects.toBe(fault);
});
