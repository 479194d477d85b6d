/** A deliberate defect, made in a copy of the project to see that a test notices. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Mutant = {
  /** What is wrong with it, and where. */
  name: string;
  /** Path from the project's root. */
  file: string;
  edit: (text: string) => string;
  /** The narrowest test files that have to notice. */
  tests: string[];
  /** What the failure has to say, where only a certain failure is loud enough. */
  saying?: string;
};

export const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Files of the project that match, in order, each with its text. */
export function sources(...patterns: string[]): [file: string, text: string][] {
  return globSync(patterns, { cwd: project })
    .sort()
    .map((file) => [file, readFileSync(join(project, file), 'utf8')]);
}

/** Puts `by` in place of a stretch of the text. */
export function replaceAt(text: string, index: number, length: number, by: string): string {
  return text.slice(0, index) + by + text.slice(index + length);
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
