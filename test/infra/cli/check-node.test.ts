import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commands = Object.keys(scripts).filter((name) => !name.startsWith('pre'));

test.each(commands)('npm run %s says first which Node it needs', (name) => {
  expect(scripts[`pre${name}`]).toBe('node infra/cli/check-node.js');
});
