/** The page of the workflows: drawn from the definitions, and not to be left behind by them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageDrawn, type ShownWorkflow } from '../../../infra/build/workflow-page.ts';

const file = 'night.asl.json';
const workflow: ShownWorkflow = {
  StartAt: 'Look',
  States: {
    Look: {
      Type: 'Task',
      Comment: 'Looks',
      Arguments: { FunctionName: '${LookAgainFunctionArn}' },
      Catch: [{ Next: 'Each' }, { Next: 'What now?' }],
      Next: 'What now?',
    },
    'What now?': { Type: 'Choice', Comment: 'Decides.', Choices: [{ Next: 'Look' }], Default: 'Each' },
    Each: {
      Type: 'Map',
      Comment: 'All of them',
      ItemProcessor: { StartAt: 'Rest', States: { Rest: { Type: 'Wait', Comment: 'A minute' } } },
      Next: 'Over',
    },
    Over: { Type: 'Succeed', Comment: 'Done' },
  },
};
const page = `# Workflows

## ${file}

Read this.

\`\`\`mermaid
\`\`\`

| State | What it is for | Input | Output |
|---|---|---|---|
| **Over** | old | \`a\` | \`b\` |
| **Gone** | old | | |
${['Look', 'What now?', 'Each', 'Rest'].map((name) => `| **${name}** | old | in | out |`).join('\n')}

Read on.
`;

test('a picture, and a row for each state with its purpose and its function; what stands there by hand stays', () => {
  expect(pageDrawn(page, { [file]: workflow })).toBe(`# Workflows

## ${file}

Read this.

\`\`\`mermaid
flowchart TD
  Look["Look"]
  Whatnow{"What now?"}
  subgraph Each["Each"]
    Rest(["Rest"])
  end
  Over(("Over"))
  Look --> Whatnow
  Look -.-> Each
  Whatnow --> Look
  Whatnow --> Each
  Each --> Over
\`\`\`

| State | What it is for | Input | Output |
|---|---|---|---|
| **Look** | Looks. Runs \`look-again\`. | in | out |
| **What now?** | Decides. | in | out |
| **Each** | All of them. | in | out |
| **Rest** | A minute. | in | out |
| **Over** | Done. | \`a\` | \`b\` |

Read on.
`);
});

test('a state of which the page does not say what goes in and out is named, and so is a workflow without a section', () => {
  const States = { ...workflow.States, Sleep: { Type: 'Succeed', Comment: 'Rests' } };
  expect(() => pageDrawn(page, { [file]: { ...workflow, States } })).toThrow('"Sleep"');
  expect(() => pageDrawn(page, { 'day.asl.json': workflow })).toThrow('day.asl.json');
});

test('workflows/README.md is what the definitions say', () => {
  const files = ['escalation.asl.json', 'nightly-report.asl.json'];
  const definitions = files.map((name) => [name, JSON.parse(readFileSync(`workflows/${name}`, 'utf8'))]);
  const present = readFileSync('workflows/README.md', 'utf8');
  expect(pageDrawn(present, Object.fromEntries(definitions))).toBe(present);
});
