/** Bad input from a person: says which file, line and field, and ends a command with exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
