/** A limit of the proof or the summary that lies a little elsewhere: on the other side of its value, or a unit of time away. */

import { codeOf } from '../../../infra/build/sql-code.ts';
import { lineAt, type Mutant, replaceAt, sources } from './mutant.ts';
import { counted, testsOfQuery } from './sql-tests.ts';

const otherSide: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

export function movedBoundaries(): Mutant[] {
  return sources(...counted).flatMap(([file, text]) => {
    const mutant = (index: number, length: number, by: string): Mutant => {
      const line = text.slice(text.lastIndexOf('\n', index) + 1).split('\n', 1)[0] as string;
      return {
        name: `${file}:${lineAt(text, index)} with ${by} in ${line.trim()}`,
        file,
        edit: (whole) => replaceAt(whole, index, length, by),
        tests: testsOfQuery(file),
      };
    };
    const comparisons = Array.from(codeOf(text).matchAll(/(?<=\s)[<>]=?(?=\s)/g), ({ 0: found, index }) =>
      mutant(index, found.length, otherSide[found] as string),
    );
    const intervals = Array.from(text.matchAll(/\bINTERVAL '(\d+)'/g)).flatMap(
      ({ 0: found, 1: size, index }) =>
        [Number(size) - 1, Number(size) + 1].map((other) =>
          mutant(index, found.length, `INTERVAL '${other}'`),
        ),
    );
    return [...comparisons, ...intervals];
  });
}
