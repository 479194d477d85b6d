/**
 * The rooms of the house: folders of handlers/ and infra/. Whoever imports runs one way between them, types included, and
 * each exported name stands for one thing.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** The folder that a file is in, as far as it is a room: entries, settings and single files are none. */
function roomOf(file: string): string | undefined {
  const [, room] =
    /^(handlers\/[^/]+|infra\/local\/demo\/[^/]+|infra\/local\/[^/]+|infra\/[^/]+)\/[^/]/.exec(file) ?? [];
  return room;
}

const arrows = new Map<string, Map<string, string>>();
for (const file of globSync(['handlers/**/*.ts', 'infra/**/*.ts'])) {
  for (const [, to] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
    const [from, into] = [roomOf(file), roomOf(normalize(join(dirname(file), to as string)))];
    if (!from || !into || from === into) continue;
    const others = arrows.get(from) ?? new Map();
    arrows.set(from, others.set(into, `${file} imports ${to}`));
  }
}

/** The way from a room back to itself, an import for each arrow; undefined when there is none. */
function circle(room: string, at = room, way: string[] = []): string[] | undefined {
  for (const [next, how] of arrows.get(at) ?? []) {
    if (next === room) return [...way, how];
    if (way.some((before) => before === how)) continue;
    const found = way.length < arrows.size ? circle(room, next, [...way, how]) : undefined;
    if (found) return found;
  }
  return undefined;
}

test('no room imports, by whatever way, one that imports it', () => {
  expect(arrows.size).toBeGreaterThan(15);
  for (const room of arrows.keys()) expect(circle(room)).toBeUndefined();
});

/** The files that export a name. A schema and its type share theirs, and every entry has a `handler`. */
const exporters = new Map<string, Set<string>>();
for (const file of globSync(['handlers/**/*.ts', 'infra/**/*.ts'])) {
  const text = readFileSync(file, 'utf8');
  for (const [, name] of text.matchAll(/^export (?:async )?(?:const|function|class|type) (\w+)/gm))
    exporters.set(name as string, (exporters.get(name as string) ?? new Set()).add(file));
}

test('one name has one meaning: no two files export the same one', () => {
  expect(exporters.size).toBeGreaterThan(500);
  const several = [...exporters].filter(([name, files]) => name !== 'handler' && files.size > 1);
  expect(several.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([]);
});
