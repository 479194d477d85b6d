/**
 * Draws the pictures of workflows/README.md, and what each state is for, from the definitions beside it. With `--check`,
 * fails when they have changed since.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { pageDrawn, type ShownWorkflow } from '../build/workflow-page.ts';
import { runCommand } from './run-command.ts';

const file = 'workflows/README.md';

await runCommand(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const workflows = globSync('workflows/*.asl.json').map((path) => [
    basename(path),
    JSON.parse(readFileSync(path, 'utf8')) as ShownWorkflow,
  ]);
  const page = readFileSync(file, 'utf8');
  const drawn = pageDrawn(page, Object.fromEntries(workflows));
  if (drawn === page) return 0;
  if (values.check) {
    console.log(`${file} is not what the definitions say: run "node infra/cli/describe-workflows.ts"`);
    return 1;
  }
  writeFileSync(file, drawn);
  console.log(`${file} is drawn anew`);
  return 0;
});
