/** The one way a command runs. */
import { RosterError } from '../../handlers/on-call/parse-roster.ts';
import { InputError } from '../input-error.ts';
import { onInterruption } from './interruption.ts';

/** What a person is told of bad input; undefined for a fault of ours. */
function sentenceFor(error: unknown, usage: string | undefined): string | undefined {
  if (error instanceof InputError || error instanceof RosterError) return error.message;
  if (error instanceof Error && isUnknownToAws(error))
    return `AWS: ${error.message}. Credentials and AWS_REGION belong in the environment.`;
  if (!(error instanceof Error) || !/^ERR_PARSE_ARGS_/.test(String((error as NodeJS.ErrnoException).code)))
    return undefined;
  const [sentence] = error.message.split(/\.\s/);
  return [sentence, usage].filter(Boolean).join('\n');
}

/** The SDK's own errors, before it asks anybody; for the region it has no name. */
function isUnknownToAws({ name, message }: Error): boolean {
  return name === 'CredentialsProviderError' || message === 'Region is missing';
}

/**
 * Runs a command, with its usage. Bad input, unknown options and missing credentials get one clear sentence and exit code 2, anything else is a
 * fault of ours and shows its stack.
 */
export async function runCommand(main: () => Promise<number | undefined>, usage?: string): Promise<void> {
  onInterruption();
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const sentence = sentenceFor(error, usage);
    if (sentence === undefined) throw error;
    console.error(sentence);
    process.exitCode = 2;
  }
}
