/** The rooms of the house: folders of handlers/ and infra/. Whoever imports runs one way between them, types included. */
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
