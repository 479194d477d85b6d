/** A hospital's file on this machine. */
import { readFileSync } from 'node:fs';
import { type Checked, checkHospital, RosterError } from '../../handlers/on-call/parse-roster.ts';
import type { Hospital } from '../../handlers/on-call/roster.ts';
import { InputError } from '../input-error.ts';

/** The file and what is to be said of it, as of an instant; throws InputError for one that cannot be read, or is not JSON. */
export function checkedFile(fileName: string, at: string): Checked<Hospital> {
  try {
    return checkHospital(readFileSync(fileName, 'utf8'), fileName, at);
  } catch (error) {
    if (error instanceof RosterError) throw new InputError(error.message);
    throw new InputError(`${fileName}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}
