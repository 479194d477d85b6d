import { expect, test } from 'vitest';
import { rosterCommand } from '../../../../infra/cli/roster.ts';

test.each([
  ['check', ['check', 'a.json', '--at', '2026-11-24T10:00'], '--at'],
  ['publish', ['publish', 'a.json', '--bucket', 'b', '--secret', 's', '--force'], '--force'],
  ['limits', ['limits', 'p-7', '--published'], '--published'],
  ['confirm', ['confirm', 'https://sns.example.org', '--table', 't'], '--table'],
])('%s refuses an option that it would ignore', async (command, argv, option) => {
  await expect(rosterCommand(argv)).rejects.toThrow(`${command}: no option ${option}\nUsage`);
});
