import { RosterError } from '../handlers/on-call/roster.ts';

/** Bad input from a person: says which file, line and field, and ends a command with exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Runs a command; bad input gets one clear sentence and exit code 2, anything else is a fault of ours and shows its stack. */
export async function runCommand(main: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof RosterError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
