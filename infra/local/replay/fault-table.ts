/** The injected faults as a table for the terminal: a row for each call, a column for each kind that strikes single calls. */
import { kindsOfCalls } from '../engine/fault-kinds.ts';
import type { ReplaySummary } from './summary.ts';

type Injected = NonNullable<ReplaySummary['faults']>;

const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export function faultTable(injected: Injected): string {
  const calls = [...new Set(kindsOfCalls.flatMap((kind) => Object.keys(injected[kind])))].sort();
  const width = Math.max(0, ...calls.map((call) => call.length));
  const row = (name: string, cells: string[]) =>
    [
      name.padEnd(width),
      ...cells.map((cell, index) => cell.padStart((kindsOfCalls[index] as string).length)),
    ].join('  ');
  const others = Object.entries(injected).filter(
    ([kind]) => !(kindsOfCalls as readonly string[]).includes(kind),
  );
  const longest = Math.max(...others.map(([kind]) => kind.length));
  return [
    'Injected faults of single calls',
    row('', [...kindsOfCalls]),
    ...calls.map((call) =>
      row(
        call,
        kindsOfCalls.map((kind) => String(injected[kind][call] ?? '-')),
      ),
    ),
    row(
      'all',
      kindsOfCalls.map((kind) => String(total(injected[kind]) || 'NEVER')),
    ),
    '',
    'Other faults',
    ...others.map(([kind, counts]) => {
      const where = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
      return `${kind.padEnd(longest)}  ${where.join(', ') || 'NEVER'}`;
    }),
  ].join('\n');
}
